import { phrase } from '../base/phrase.ts';
import { parseSessionFile } from '../formats/sessionFile.ts';
import { createLineIndex } from '../markdown/lines.ts';
import type { Diagnostic, Parsed } from '../model/diagnostic.ts';
import type { SessionFile } from '../model/sessionFile.ts';
import type { FrontmatterReader } from '../ports/frontmatter.ts';

/** Parses a SESSION.md or a paused one. Frontmatter that cannot be read is reported, and the sections below it are read nevertheless. */
export function readSessionFile(text: string, path: string, frontmatter: FrontmatterReader): Parsed<SessionFile> {
  const reading = frontmatter.read(text);
  const parsed = parseSessionFile(text, path, reading.kind === 'read' ? reading.data : undefined);
  if (reading.kind !== 'unreadable') return parsed;
  const lines = createLineIndex(text);
  const line = Math.min(Math.max(reading.line - 1, 0), lines.lineCount - 1);
  const problem: Diagnostic = {
    code: 'unreadable-frontmatter',
    severity: 'error',
    message: phrase`${reading.message.charAt(0).toUpperCase()}${reading.message.slice(1)}; what stands below it is still read.`,
    range: lines.rangeOf(line),
  };
  return { value: parsed.value, diagnostics: [problem, ...parsed.diagnostics] };
}
