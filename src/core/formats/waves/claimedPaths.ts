/** Said of work that was done to what follows. */
const verb =
  /\b(?:added|adjusted|changed|created|deleted|edited|extended|fixed|implemented|modified|moved|refactored|removed|renamed|replaced|rewrote|rewritten|touched|updated|wrote|written|new files?)(?=[\s:`*_])/i;

/** What follows is named for another reason than that it was changed. */
const aside =
  /\b(?:according|against|as in|because|based on|by|from|like|per|reported|see|since|so that|that|to match|used|using|via|which|with)\b/i;

/** Nothing was done there. */
const denial =
  /\b(?:not|never|no|none|without|unchanged|untouched|nothing|would|should|could|might|todo|remaining|next|instead of)\b|n['’]t\b/i;

/** `Files changed:`, `## Changed files`, `files_changed: [`, `"files_changed": [` */
const heading =
  /^[\s>*_`#"'{-]{0,12}(?:files?[ _-](?:changed|modified|created|edited|updated|written|touched|added|deleted|removed)|(?:changed|modified|created|edited|updated|new|deleted|removed|added)[ _-]files?)\b[\s*_`"')(\d]{0,8}:?/i;

const fence = /^\s{0,3}(?:```|~~~)/;
const longestText = 100_000;

/**
 * Paths that an agent's words say it changed, each once, relative where they are below one of `roots` (absolute): in a list below a heading
 * such as `Files changed`, and named behind a word of work (`Updated src/a.ts and src/b.ts`). What is denied, planned or shown as code is
 * left out: a claim that was not made must not be held against it.
 */
export function claimedPaths(text: string, roots: readonly string[] = []): readonly string[] {
  const found = new Set<string>();
  let inList = false;
  let inFence = false;
  for (const line of text.slice(-longestText).split(/\r?\n/)) {
    if (fence.test(line)) {
      // A machine-readable report stands in a fence, and is read as the list that it is.
      inFence = !inFence;
      continue;
    }
    const title = heading.exec(line);
    if (title !== null) {
      inList = true;
      const rest = line.slice(title[0].length);
      addPaths(found, rest);
      if (rest.includes(']')) inList = false;
      continue;
    }
    if (inList) {
      if (isListed(line)) {
        addPaths(found, firstClause(line));
        if (line.includes(']')) inList = false;
        continue;
      }
      if (line.trim() === '') continue;
      inList = false;
    }
    if (inFence) continue;
    const [before = ''] = line.split(/\bREMAINING\s*:/i, 1);
    for (const sentence of before.split(/(?<=[.;!?])\s+/)) {
      const said = verb.exec(sentence);
      if (said === null || denial.test(sentence)) continue;
      const [claimed = ''] = sentence.slice(said.index).split(aside, 1);
      addPaths(found, claimed);
    }
  }
  return [...new Set([...found].map((path) => relativeTo(roots, path)))];
}

function relativeTo(roots: readonly string[], path: string): string {
  const plain = path.replaceAll('\\', '/');
  const root = roots
    .map((one) => `${one.replaceAll('\\', '/').replace(/\/+$/, '')}/`)
    .find((one) => plain.startsWith(one));
  return root === undefined ? plain : plain.slice(root.length);
}

/** A bullet, a row of a table, an element of a JSON list, or a line that is nothing but a path. */
function isListed(line: string): boolean {
  const trimmed = line.trim();
  return /^(?:[-*+|"'`]|\d{1,3}[.)])/.test(trimmed) || /^[\w./@-]+,?$/.test(trimmed) || /^[[\]]/.test(trimmed);
}

/** Of a bullet what stands before its explanation: the path that it is about. */
function firstClause(line: string): string {
  const [before = ''] = line
    .trim()
    .replace(/^[-*+|]\s+/, '')
    .split(/\s+(?:—|–|--|-)\s+|:\s+/, 1);
  return before;
}

const token = /`([^`\n]{1,300})`|"([^"\n]{1,300})"|([\p{L}\p{N}_.@~/[\]()+-]{3,300})/gu;

function addPaths(found: Set<string>, text: string): void {
  for (const [, coded, quoted, bare = ''] of text.matchAll(token)) {
    const written = (coded ?? quoted ?? bare.replace(/^[([]+|[)\].]+$/g, '')).trim();
    const path = written.replace(/^\.\//, '').replace(/:\d+(?:[:-]\d+)?$/, '');
    if (isPath(path, coded !== undefined || quoted !== undefined)) found.add(path);
  }
}

/** No file: a glob, a placeholder, an address, a call, an option, a folder, an elision. */
const noPath = /[*?{}<>|]|:\/\/|\(\)|^[@-]|\.\.\.|\/$/;

/** Names of files below folders: with an ending, or one of the few that have none. */
const fileName = /^(?:\.?[\p{L}\p{N}_@+~[\]() -][\p{L}\p{N}_@+~[\]() .-]*\.[A-Za-z][A-Za-z0-9]{0,9}|\.[\w-]+)$/u;
const bareName = /^(?:Makefile|Dockerfile|LICENSE|CODEOWNERS|pre-commit|pre-push|commit-msg)$/;

/** `a.b` in prose may be anything; a file at the root is believed where its ending is one of a file. */
const rootName =
  /^\.?[\w@+-]+(?:\.[\w@+-]+)*\.(?:[cm]?[jt]sx?|json[cl5]?|ya?ml|toml|mdx?|txt|css|s[ac]ss|less|html?|vue|svelte|py|go|rs|rb|java|kt|swift|c|cc|cpp|h|hpp|cs|php|sql|sh|xml|svg|csv|lock|ini|env)$/;

/** Tells whether a word is the path of a file; white space is believed only where it is marked as code or quoted. */
function isPath(text: string, isMarked: boolean): boolean {
  if (noPath.test(text) || (/\s/.test(text) && !(isMarked && text.includes('/')))) return false;
  const name = text.slice(text.lastIndexOf('/') + 1);
  if (/^\d[\d.]*$/.test(name)) return false;
  return text.includes('/') ? fileName.test(name) || bareName.test(name) : rootName.test(text) || bareName.test(text);
}
