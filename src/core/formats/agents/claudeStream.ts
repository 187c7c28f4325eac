import type { AgentEvent, AgentReader } from '../../model/agentEvent.ts';
import {
  describeInput,
  type Fields,
  fieldsField,
  isFields,
  listField,
  numberField,
  readFields,
  textField,
} from './fields.ts';

/**
 * Reads `claude -p --output-format stream-json --verbose`, a JSON object a line. `type` need not be the first key, a run can have two
 * `init` and two `result` lines (a background shell is waited for), and an API failure is a `result` of subtype `success` with `is_error`.
 */
export function createClaudeReader(): AgentReader {
  // The blocks of one message come as lines of their own, each with the usage of the whole.
  let counted: string | undefined;
  return {
    read(line) {
      const fields = readFields(line);
      if (fields === undefined) return line.trim() === '' ? [] : [{ kind: 'raw', line }];
      switch (textField(fields, 'type')) {
        case 'system':
          return readSystem(fields);
        case 'assistant': {
          const message = fieldsField(fields, 'message');
          const id = textField(message, 'id');
          const isNew = id === undefined || id !== counted;
          counted = id;
          return [...(isNew ? readUsage(message) : []), ...readBlocks(message)];
        }
        case 'user':
          return readResults(fieldsField(fields, 'message'));
        case 'result':
          return [readResult(fields)];
        case 'stream_event':
          return [];
        default:
          return [{ kind: 'raw', line }];
      }
    },
  };
}

function readSystem(fields: Fields): readonly AgentEvent[] {
  const subtype = textField(fields, 'subtype') ?? 'system';
  if (subtype === 'init') {
    const agentSession = textField(fields, 'session_id');
    const model = textField(fields, 'model');
    const version = textField(fields, 'claude_code_version');
    return [
      {
        kind: 'started',
        ...(agentSession !== undefined && { agentSession }),
        ...(model !== undefined && { model }),
        ...(version !== undefined && { version }),
      },
    ];
  }
  const about = textField(fields, 'message') ?? textField(fields, 'tool_name') ?? textField(fields, 'hook_name');
  return [{ kind: 'notice', text: about === undefined ? subtype : `${subtype}: ${about}` }];
}

function readBlocks(message: Fields | undefined): readonly AgentEvent[] {
  return listField(message, 'content').flatMap((block): readonly AgentEvent[] => {
    const text = textField(block, 'text');
    if (textField(block, 'type') === 'text' && text !== undefined) return [{ kind: 'text', text }];
    if (textField(block, 'type') !== 'tool_use') return [];
    const id = textField(block, 'id');
    const args = fieldsField(block, 'input');
    return [
      {
        kind: 'toolCall',
        ...(id !== undefined && { id }),
        name: textField(block, 'name') ?? 'tool',
        input: describeInput(args),
        ...(args !== undefined && { args }),
      },
    ];
  });
}

function readUsage(message: Fields | undefined): readonly AgentEvent[] {
  const usage = fieldsField(message, 'usage');
  if (usage === undefined) return [];
  return [{ kind: 'usage', inputTokens: inputTokensOf(usage), outputTokens: numberField(usage, 'output_tokens') ?? 0 }];
}

/** What was read from the cache and what was written to it was input too. */
function inputTokensOf(usage: Fields): number {
  const keys = ['input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];
  return keys.reduce((sum, key) => sum + (numberField(usage, key) ?? 0), 0);
}

function readResults(message: Fields | undefined): readonly AgentEvent[] {
  return listField(message, 'content').flatMap((block): readonly AgentEvent[] => {
    if (textField(block, 'type') !== 'tool_result') return [];
    const id = textField(block, 'tool_use_id');
    return [
      {
        kind: 'toolResult',
        ...(id !== undefined && { id }),
        isError: block['is_error'] === true,
        text: contentText(block['content']),
      },
    ];
  });
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .filter(isFields)
    .map((part) => textField(part, 'text') ?? '')
    .filter((text) => text !== '')
    .join('\n');
}

function readResult(fields: Fields): AgentEvent {
  const agentSession = textField(fields, 'session_id');
  const usage = fieldsField(fields, 'usage');
  const outputTokens = numberField(usage, 'output_tokens');
  const costUsd = numberField(fields, 'total_cost_usd');
  const turns = numberField(fields, 'num_turns');
  const subtype = textField(fields, 'subtype');
  return {
    kind: 'ended',
    isError: fields['is_error'] === true || (subtype !== undefined && subtype !== 'success'),
    text: textField(fields, 'result') ?? (subtype === 'success' ? '' : (subtype ?? '')),
    ...(agentSession !== undefined && { agentSession }),
    ...(usage !== undefined && { inputTokens: inputTokensOf(usage) }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(costUsd !== undefined && { costUsd }),
    ...(turns !== undefined && { turns }),
  };
}
