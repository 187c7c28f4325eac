/** Puts `content` into a fence that is longer than every run of its marks in it. */
export function fenced(content: string, language: string): string {
  const runs = content.match(/`{3,}/g) ?? [];
  const marks = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${marks}${language}\n${content}\n${marks}`;
}
