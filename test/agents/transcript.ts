import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaudeRun, StreamEvent } from '../support/claude.ts';

/** What is written down of the two processes. */
export interface Recording {
  /** Absolute path of the project; it is replaced. */
  readonly project: string;
  readonly list: string;
  readonly first: ClaudeRun;
  readonly second: ClaudeRun;
  /** What `baton tasks verify` printed. */
  readonly verdict: string;
}

/** Writes the streams of both processes as they came, and a transcript that people read. */
export function writeTranscript(folder: string, { project, list, first, second, verdict }: Recording): void {
  const clean = (text: string): string => text.replaceAll(project, '/shop').replaceAll(/\/tmp\/baton-claude-\w+/g, '~');
  writeFileSync(join(folder, 'session-1.jsonl'), clean(first.stdout));
  writeFileSync(join(folder, 'session-2.jsonl'), clean(second.stdout));
  const parts = [
    '# One task list, two processes of Claude Code\n',
    `Recorded by the tests: the real command line, its model scripted. The list is \`${list}\`.\n`,
    '## Process 1\n',
    ...first.events.flatMap(linesOf),
    '\n## Process 2\n',
    ...second.events.flatMap(linesOf),
    `\n## baton tasks verify ${list}\n`,
    fence(verdict.trim()),
  ];
  writeFileSync(join(folder, 'transcript.md'), clean(`${parts.join('\n')}\n`));
}

function linesOf({ type, message, claude_code_version: version, model }: StreamEvent): readonly string[] {
  if (type === 'system' && typeof version === 'string') return [`Claude Code ${version}, ${model}\n`];
  const content = typeof message === 'object' && message !== null && 'content' in message ? message.content : undefined;
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: Readonly<Record<string, unknown>>) => {
    if (block['type'] === 'text') return [`> ${block['text']}\n`];
    if (block['type'] === 'tool_use') return [`**${block['name']}** ${code(JSON.stringify(block['input']))}\n`];
    if (block['type'] === 'tool_result') return [fence(resultText(block['content']))];
    return [];
  });
}

/** Results come as the JSON of what a tool gave; its `message` is what reads best. */
function resultText(content: unknown): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  } catch {
    // Other tools answer in text.
  }
  return text;
}

function code(text: string): string {
  return `\`${text}\``;
}

function fence(text: string): string {
  return `\`\`\`\n${text}\n\`\`\`\n`;
}
