import {
  type InputRequiredResult,
  inputRequired,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { clientHas } from './clientInfo.ts';

const answerKey = 'roots';
const timeoutMs = 5_000;

/** The protocol since 2026-07-28, where a server asks by an unfinished result, or before, where it sends requests of its own. */
export type ProtocolEra = 'legacy' | 'modern';

/** The folders that the client has open, asked for once and again when it says that they changed. */
export class ClientRoots {
  readonly #server: McpServer;
  readonly #era: ProtocolEra;
  #known: readonly string[] | undefined;

  constructor(server: McpServer, era: ProtocolEra) {
    this.#server = server;
    this.#era = era;
    if (era === 'legacy') {
      server.server.setNotificationHandler('notifications/roots/list_changed', () => {
        this.#known = undefined;
      });
    }
  }

  /** Their URIs, none where the client has no roots; or what the handler has to return, so that the client says them and calls again. */
  async read(context: ServerContext): Promise<readonly string[] | InputRequiredResult> {
    if (this.#known !== undefined) return this.#known;
    if (!this.#hasRoots(context)) return [];
    if (this.#era === 'legacy') {
      this.#known = await this.#request();
      return this.#known;
    }
    const { inputResponses = {}, droppedInputResponseKeys = [] } = context.mcpReq;
    if (!(answerKey in inputResponses) && !droppedInputResponseKeys.includes(answerKey)) {
      return inputRequired({ inputRequests: { [answerKey]: inputRequired.listRoots() } });
    }
    this.#known = urisOf(inputResponses[answerKey]);
    return this.#known;
  }

  #hasRoots(context: ServerContext): boolean {
    return clientHas(this.#server, context, 'roots');
  }

  async #request(): Promise<readonly string[]> {
    try {
      return urisOf(await this.#server.server.listRoots(undefined, { timeout: timeoutMs }));
    } catch {
      // A client that says that it has roots and does not tell them is as one that has none.
      return [];
    }
  }
}

/** What comes from a client is not checked by anybody else. */
function urisOf(result: unknown): readonly string[] {
  const roots: unknown = typeof result === 'object' && result !== null && 'roots' in result ? result.roots : undefined;
  if (!Array.isArray(roots)) return [];
  return roots.flatMap((root: unknown) =>
    typeof root === 'object' && root !== null && 'uri' in root && typeof root.uri === 'string' ? [root.uri] : [],
  );
}
