import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClaudeReader } from '../../core/formats/agents/claudeStream.ts';
import { createCodexReader } from '../../core/formats/agents/codexStream.ts';
import { describeEvent } from '../../core/formats/agents/describeEvent.ts';
import { createPlainReader } from '../../core/formats/agents/plainStream.ts';
import type { AgentReader } from '../../core/model/agentEvent.ts';
import { isMissing } from '../ioErrors.ts';
import { LineSplitter } from './lineSplitter.ts';

const pollMs = 200;
const chunkBytes = 64 * 1024;

export interface FollowOptions {
  readonly onLines: (lines: readonly string[]) => void;
  /** Nothing more will come. */
  readonly isOver: () => Promise<boolean>;
  readonly isCancelled: () => boolean;
}

/** The log of a session's agent, read for people: what is understood in words, the rest as it came. */
export interface AgentLog {
  /** Everything that is new since the last call. */
  read(): Promise<readonly string[]>;
  follow(options: FollowOptions): Promise<void>;
}

/** Opens the log of an agent; a log that is not there yet is empty. */
export function openAgentLog(path: string, options: { readonly agent: string; readonly raw: boolean }): AgentLog {
  let offset = 0;
  let splitter = new LineSplitter();
  const reader = options.raw ? undefined : readerFor(options.agent);
  const read = async (): Promise<readonly string[]> => {
    const size = await stat(path).then(
      (found) => found.size,
      (error: unknown) => {
        if (isMissing(error)) return 0;
        throw error;
      },
    );
    if (size < offset) {
      // Its beginning was dropped: what is left is read anew.
      offset = 0;
      splitter = new LineSplitter();
    }
    if (size === offset) return [];
    const lines: string[] = [];
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(chunkBytes);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
        if (bytesRead === 0) break;
        offset += bytesRead;
        lines.push(...splitter.push(buffer.subarray(0, bytesRead)));
      }
    } finally {
      await handle.close();
    }
    return reader === undefined ? lines : lines.flatMap((line) => describeLine(reader, line));
  };
  return {
    read,
    async follow({ onLines, isOver, isCancelled }) {
      while (!isCancelled()) {
        // In this order, so that what was written before it was over is read.
        const over = await isOver();
        const lines = await read();
        if (lines.length > 0) onLines(lines);
        if (over) return;
        await sleep(pollMs);
      }
    },
  };
}

/** The end of what an agent said, for people: a line of its stream that was cut at the beginning is left out. */
export function describeTail(agent: string, tail: string, { isCut }: { readonly isCut: boolean }): string {
  const reader = readerFor(agent);
  const lines = tail.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines
    .slice(isCut ? 1 : 0)
    .flatMap((line) => describeLine(reader, line))
    .join('\n');
}

/** Agents of the person's own speak plainly, or like one of these: lines tell which. */
function readerFor(agent: string): AgentReader {
  if (agent === 'codex') return createCodexReader();
  const claude = createClaudeReader();
  const plain = createPlainReader();
  return { read: (line) => (line.startsWith('{') ? claude : plain).read(line) };
}

function describeLine(reader: AgentReader, line: string): readonly string[] {
  return reader.read(line).flatMap((event) => describeEvent(event)?.split('\n') ?? []);
}
