/**
 * Makes lines that a person or an agent wrote safe to stand in a section of a state file: what would end the section or swallow the rest of
 * the file (a heading, an underline, raw HTML, a fence that is left open) is escaped or closed. Inside fences nothing is changed. Blank
 * lines at both ends go.
 */
export function sealNoteLines(lines: readonly string[]): string[] {
  const all = lines.flatMap((line) => line.split(/\r\n|\n|\r/)).map((line) => line.trimEnd());
  const sealed: string[] = [];
  let fence: string | undefined;
  for (const line of all) {
    const marks = /^\s*(`{3,}|~{3,})([^`]*)$/.exec(line);
    const isClosing = fence !== undefined && marks?.[1]?.startsWith(fence) === true && marks[2]?.trim() === '';
    if (fence === undefined) sealed.push(sealLine(line));
    else sealed.push(line);
    if (isClosing) fence = undefined;
    else if (fence === undefined) fence = marks?.[1];
  }
  if (fence !== undefined) sealed.push(fence);
  while (sealed[0] === '') sealed.shift();
  while (sealed.at(-1) === '') sealed.pop();
  return sealed;
}

function sealLine(line: string): string {
  return line.replace(/^(\s*)(?=#{1,6}(?:\s|$)|<|(?:=+|-{2,})\s*$|(?:<{7}|>{7}|={7}|\|{7})(?:\s|$))/, '$1\\');
}
