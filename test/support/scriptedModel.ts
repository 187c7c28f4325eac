/**
 * A model that answers from a script, behind the Messages API on loopback: with it the real Claude Code runs without a network, and
 * calls exactly the tools that a test wants it to call.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the model says in a turn: text, or the call of a tool. */
export type Step =
  | { readonly text: string }
  | { readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

/** A request, as far as scripts look at it. */
export interface ModelRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

/** Decides a turn, now or later; `turn` counts what the model has said so far in this conversation. */
export type Script = (turn: number, request: ModelRequest) => Step | readonly Step[] | Promise<Step | readonly Step[]>;

export interface ScriptedModel {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string;
  /** All requests that the script was asked about, in order. */
  readonly requests: readonly ModelRequest[];
  close(): void;
}

/** Starts the model on a free port. */
export async function startScriptedModel(script: Script): Promise<ScriptedModel> {
  const requests: ModelRequest[] = [];
  let answered = 0;
  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    if (request.method === 'HEAD') return void response.end();
    if (request.url?.includes('count_tokens')) return sendJson(response, { input_tokens: 10 });
    if (!request.url?.startsWith('/v1/messages')) return sendJson(response, {}, 404);
    const ask: ModelRequest = JSON.parse(body);
    answered += 1;
    // Titles of conversations and the like are asked for without tools, and are no part of the script.
    const isSide = (ask.tools ?? []).length === 0;
    if (!isSide) requests.push(ask);
    const turn = ask.messages.filter(({ role }) => role === 'assistant').length;
    const steps: readonly Step[] = isSide ? [{ text: 'ok' }] : [await script(turn, ask)].flat();
    const message = emptyMessage(`msg_${answered}`, ask.model);
    const blocks = steps.map((step, index) => toBlock(step, `toolu_${answered}_${index}`));
    const stopReason = steps.some((step) => 'tool' in step) ? 'tool_use' : 'end_turn';
    if (ask.stream !== true) return sendJson(response, { ...message, content: blocks, stop_reason: stopReason });
    stream(response, message, blocks, stopReason);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The text of everything that tools have given back so far. */
export function toolResults({ messages }: ModelRequest): readonly string[] {
  return messages.flatMap(({ content }) =>
    (Array.isArray(content) ? content : []).flatMap((block: unknown) => {
      if (typeof block !== 'object' || block === null || !('type' in block) || block.type !== 'tool_result') return [];
      const inner = 'content' in block ? block.content : '';
      return [typeof inner === 'string' ? inner : JSON.stringify(inner)];
    }),
  );
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

function toBlock(step: Step, id: string): Block {
  return 'tool' in step
    ? { type: 'tool_use', id, name: step.tool, input: step.input }
    : { type: 'text', text: step.text };
}

function emptyMessage(id: string, model: string) {
  const usage = { input_tokens: 100, output_tokens: 1 };
  return { id, type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null, usage };
}

function stream(response: ServerResponse, message: unknown, blocks: readonly Block[], stopReason: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, fields: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
  };
  send('message_start', { message });
  blocks.forEach((block, index) => {
    const isText = block.type === 'text';
    send('content_block_start', { index, content_block: isText ? { ...block, text: '' } : { ...block, input: {} } });
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  });
  send('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: 20 } });
  send('message_stop', {});
  response.end();
}

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text;
}
