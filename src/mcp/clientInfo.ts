import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** Tells whether the client said that it can do something: with each request since 2026-07-28, once at the beginning before. */
export function clientHas({ server }: McpServer, context: ServerContext, capability: 'roots'): boolean {
  const told = envelopeOf(context)[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  return typeof told === 'object' && told !== null && capability in told;
}

/** How the client calls itself, `agent` where it does not. It is text from outside: one line of at most 60 characters. */
export function clientName({ server }: McpServer, context: ServerContext): string {
  const told = envelopeOf(context)[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  const name = typeof told === 'object' && told !== null && 'name' in told ? told.name : undefined;
  const plain =
    typeof name === 'string'
      ? name
          .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
          .trim()
          .slice(0, 60)
      : '';
  return plain === '' ? 'agent' : plain;
}

function envelopeOf({ mcpReq }: ServerContext): Readonly<Record<string, unknown>> {
  return mcpReq.envelope ?? {};
}
