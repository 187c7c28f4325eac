import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClaudeReader } from '../../../../src/core/formats/agents/claudeStream.ts';
import { createCodexReader } from '../../../../src/core/formats/agents/codexStream.ts';
import { describeEvent } from '../../../../src/core/formats/agents/describeEvent.ts';
import { createPlainReader } from '../../../../src/core/formats/agents/plainStream.ts';

const line = (value: unknown): string => JSON.stringify(value);

describe('the stream of Claude Code', () => {
  it('is understood: session, text, tools, results, tokens once a message, cost', () => {
    const reader = createClaudeReader();
    const message = (id: string, content: unknown) =>
      line({
        message: {
          id,
          content: [content],
          usage: { input_tokens: 100, cache_read_input_tokens: 7, output_tokens: 20 },
        },
        type: 'assistant',
      });
    const events = [
      line({ type: 'system', subtype: 'init', session_id: 's-1', model: 'claude-x', claude_code_version: '2.1' }),
      message('m1', { type: 'text', text: 'I look.' }),
      message('m1', { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'npm  test' } }),
      line({
        type: 'user',
        message: {
          content: [
            { type: 'tool_result', tool_use_id: 't1', is_error: true, content: [{ type: 'text', text: 'red' }] },
          ],
        },
      }),
      message('m2', { type: 'thinking', thinking: 'hm' }),
      line({ type: 'system', subtype: 'permission_denied', tool_name: 'Write' }),
      line({
        type: 'result',
        subtype: 'success',
        is_error: false,
        result: 'done',
        session_id: 's-1',
        total_cost_usd: 0.0024,
        num_turns: 3,
        usage: { input_tokens: 300, output_tokens: 60 },
      }),
    ].flatMap((text) => reader.read(text));
    expect(events).toEqual([
      { kind: 'started', agentSession: 's-1', model: 'claude-x', version: '2.1' },
      { kind: 'usage', inputTokens: 107, outputTokens: 20 },
      { kind: 'text', text: 'I look.' },
      { kind: 'toolCall', id: 't1', name: 'Bash', input: 'npm test', args: { command: 'npm  test' } },
      { kind: 'toolResult', id: 't1', isError: true, text: 'red' },
      { kind: 'usage', inputTokens: 107, outputTokens: 20 },
      { kind: 'notice', text: 'permission_denied: Write' },
      {
        kind: 'ended',
        isError: false,
        text: 'done',
        agentSession: 's-1',
        inputTokens: 300,
        outputTokens: 60,
        costUsd: 0.0024,
        turns: 3,
      },
    ]);
    expect(events.map(describeEvent)).toEqual([
      '— started with claude-x —',
      undefined,
      'I look.',
      '› Bash npm test',
      '  ! red',
      undefined,
      '(permission_denied: Write)',
      '— ended: 3 turns, 360 tokens, $0.00 —',
    ]);
  });

  it('knows an API failure that calls itself a success, and a run that was cut short', () => {
    const reader = createClaudeReader();
    expect(
      reader.read(line({ type: 'result', subtype: 'success', is_error: true, result: 'API Error: 500' })),
    ).toMatchObject([{ kind: 'ended', isError: true, text: 'API Error: 500' }]);
    expect(reader.read(line({ type: 'result', subtype: 'error_during_execution' }))).toMatchObject([
      { kind: 'ended', isError: true, text: 'error_during_execution' },
    ]);
  });

  it('keeps what it does not understand as it is', () => {
    const reader = createClaudeReader();
    for (const text of ['Segmentation fault', '{"type":"new_thing"}', '{broken', '[]']) {
      expect(reader.read(text)).toEqual([{ kind: 'raw', line: text }]);
    }
    expect(reader.read('  ')).toEqual([]);
  });
});

describe('the stream of Codex', () => {
  it('is understood: thread, commands, messages, tokens; it tells no price', () => {
    const reader = createCodexReader();
    const events = [
      line({ type: 'thread.started', thread_id: 'th-1' }),
      line({ type: 'turn.started' }),
      line({ type: 'item.started', item: { id: 'i0', type: 'command_execution', command: 'npm test' } }),
      line({
        type: 'item.completed',
        item: {
          id: 'i0',
          type: 'command_execution',
          command: 'npm test',
          exit_code: 1,
          aggregated_output: 'red',
          status: 'failed',
        },
      }),
      line({ type: 'item.completed', item: { id: 'i1', type: 'agent_message', text: 'All done.' } }),
      line({ type: 'turn.completed', usage: { input_tokens: 5, cached_input_tokens: 2, output_tokens: 3 } }),
    ].flatMap((text) => reader.read(text));
    expect(events).toEqual([
      { kind: 'started', agentSession: 'th-1' },
      { kind: 'toolCall', id: 'i0', name: 'command_execution', input: 'npm test', args: { command: 'npm test' } },
      { kind: 'toolResult', id: 'i0', isError: true, text: 'red' },
      { kind: 'text', text: 'All done.' },
      { kind: 'usage', inputTokens: 5, outputTokens: 3 },
      { kind: 'ended', isError: false, text: 'All done.', inputTokens: 5, outputTokens: 3 },
    ]);
    expect(reader.read(line({ type: 'turn.failed', error: { message: 'no model' } }))).toEqual([
      { kind: 'ended', isError: true, text: 'no model' },
    ]);
  });

  it('tells of a change of files, which comes in one line, and of what a tool of a server said', () => {
    const reader = createCodexReader();
    const changes = [{ path: '/work/src/a.ts', kind: 'update' }];
    const completed = (item: unknown) => reader.read(line({ type: 'item.completed', item }));
    expect(completed({ id: 'i1', type: 'file_change', changes, status: 'completed' })).toEqual([
      { kind: 'toolCall', id: 'i1', name: 'file_change', input: JSON.stringify({ changes }), args: { changes } },
      { kind: 'toolResult', id: 'i1', isError: false, text: '' },
    ]);
    const call = { id: 'i2', type: 'mcp_tool_call', server: 'probe', tool: 'find', arguments: { query: 'x' } };
    expect(reader.read(line({ type: 'item.started', item: call }))).toEqual([
      { kind: 'toolCall', id: 'i2', name: 'probe.find', input: 'x', args: { query: 'x' } },
    ]);
    expect(completed({ ...call, status: 'failed', error: { message: 'not there' } })).toEqual([
      { kind: 'toolResult', id: 'i2', isError: true, text: 'not there' },
    ]);
    expect(completed({ ...call, id: 'i3', result: { content: [{ type: 'text', text: 'found' }] } }).at(-1)).toEqual({
      kind: 'toolResult',
      id: 'i3',
      isError: false,
      text: 'found',
    });
  });
});

it('no line breaks a reader, and none is lost', () => {
  const keys = fc.constantFrom(
    'type',
    'message',
    'content',
    'item',
    'usage',
    'result',
    'subtype',
    'text',
    'id',
    'error',
  );
  const words = fc.constantFrom(
    'assistant',
    'user',
    'result',
    'system',
    'item.completed',
    'turn.completed',
    'agent_message',
    'text',
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.string(),
      fc.double(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
    ),
  })).any;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        value.map((one) => JSON.stringify(one)),
      ),
      (text) => {
        for (const reader of [createClaudeReader(), createCodexReader(), createPlainReader()]) {
          for (const event of reader.read(text)) describeEvent(event);
        }
      },
    ),
  );
});
