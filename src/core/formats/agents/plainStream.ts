import type { AgentReader } from '../../model/agentEvent.ts';

/** Reads an agent that says what it does in plain lines; how it ended is its exit code. */
export function createPlainReader(): AgentReader {
  return { read: (line) => (line.trim() === '' ? [] : [{ kind: 'text', text: line }]) };
}
