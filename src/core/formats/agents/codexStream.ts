import type { AgentEvent, AgentReader } from '../../model/agentEvent.ts';
import { describeInput, type Fields, fieldsField, listField, numberField, readFields, textField } from './fields.ts';

/** Reads `codex exec --json`: `thread.started`, `item.*`, `turn.completed`, `turn.failed`, `error`, a JSON object a line. */
export function createCodexReader(): AgentReader {
  let said = '';
  // Some items (a change of files) are told only when they are completed.
  const begun = new Set<string>();
  return {
    read(line) {
      const fields = readFields(line);
      if (fields === undefined) return line.trim() === '' ? [] : [{ kind: 'raw', line }];
      const item = fieldsField(fields, 'item');
      switch (textField(fields, 'type')) {
        case 'thread.started': {
          const agentSession = textField(fields, 'thread_id');
          return [{ kind: 'started', ...(agentSession !== undefined && { agentSession }) }];
        }
        case 'turn.started':
        case 'item.updated':
          return [];
        case 'item.started':
          if (!isCall(item)) return [];
          begun.add(textField(item, 'id') ?? '');
          return [readCall(item)];
        case 'item.completed':
          if (textField(item, 'type') === 'agent_message') said = textField(item, 'text') ?? '';
          if (isCall(item) && !begun.delete(textField(item, 'id') ?? '')) {
            return [readCall(item), ...readItem(item, line)];
          }
          return readItem(item, line);
        case 'turn.completed':
          return readTurn(fieldsField(fields, 'usage'), said);
        case 'turn.failed':
          return [{ kind: 'ended', isError: true, text: messageOf(fieldsField(fields, 'error')) }];
        case 'error':
          return [{ kind: 'notice', text: messageOf(fields) }];
        default:
          return [{ kind: 'raw', line }];
      }
    },
  };
}

const calls: ReadonlySet<string> = new Set(['command_execution', 'mcp_tool_call', 'file_change', 'web_search']);

function isCall(item: Fields | undefined): item is Fields {
  return calls.has(textField(item, 'type') ?? '');
}

function readCall(item: Fields): AgentEvent {
  const id = textField(item, 'id');
  const server = textField(item, 'server');
  const tool = textField(item, 'tool') ?? textField(item, 'type') ?? 'tool';
  const args = fieldsField(item, 'arguments') ?? argumentsOf(item);
  return {
    kind: 'toolCall',
    ...(id !== undefined && { id }),
    name: server === undefined ? tool : `${server}.${tool}`,
    input: describeInput(args),
    args,
  };
}

/** What an item was called with: all of it but what names it and what came of it. */
function argumentsOf(item: Fields): Fields {
  const other = [
    'id',
    'type',
    'server',
    'tool',
    'status',
    'aggregated_output',
    'output',
    'exit_code',
    'result',
    'error',
  ];
  return Object.fromEntries(Object.entries(item).filter(([key]) => !other.includes(key)));
}

function readItem(item: Fields | undefined, line: string): readonly AgentEvent[] {
  const type = textField(item, 'type');
  if (type === 'agent_message') return [{ kind: 'text', text: textField(item, 'text') ?? '' }];
  if (type === 'reasoning') return [];
  if (type === 'error') return [{ kind: 'notice', text: messageOf(item) }];
  if (!isCall(item)) return [{ kind: 'raw', line }];
  const id = textField(item, 'id');
  const exitCode = numberField(item, 'exit_code');
  return [
    {
      kind: 'toolResult',
      ...(id !== undefined && { id }),
      isError: textField(item, 'status') === 'failed' || (exitCode !== undefined && exitCode !== 0),
      text: textField(item, 'aggregated_output') ?? textField(item, 'output') ?? resultText(item),
    },
  ];
}

/** What a tool of a server answered, or why it did not. */
function resultText(item: Fields): string {
  const error = textField(fieldsField(item, 'error'), 'message') ?? textField(item, 'error');
  if (error !== undefined) return error;
  const texts = listField(fieldsField(item, 'result'), 'content').map((part) => textField(part, 'text') ?? '');
  return texts.filter((text) => text !== '').join('\n');
}

/** A turn is a whole run of `codex exec`. It tells no price. */
function readTurn(usage: Fields | undefined, said: string): readonly AgentEvent[] {
  const inputTokens = numberField(usage, 'input_tokens');
  const outputTokens = numberField(usage, 'output_tokens');
  return [
    ...(usage === undefined
      ? []
      : [{ kind: 'usage' as const, inputTokens: inputTokens ?? 0, outputTokens: outputTokens ?? 0 }]),
    {
      kind: 'ended',
      isError: false,
      text: said,
      ...(inputTokens !== undefined && { inputTokens }),
      ...(outputTokens !== undefined && { outputTokens }),
    },
  ];
}

function messageOf(fields: Fields | undefined): string {
  return textField(fields, 'message') ?? 'an error without a message';
}
