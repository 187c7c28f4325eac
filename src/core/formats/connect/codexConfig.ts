import type { PlannedText } from './mcpServers.ts';

/** What Codex's `config.toml` needs, as `codex mcp add baton -- baton mcp` writes it. */
export const codexServer = '[mcp_servers.baton]\ncommand = "baton"\nargs = ["mcp"]\n';

const header = /^[ \t]*\[[ \t]*mcp_servers[ \t]*\.[ \t]*(?:baton|"baton"|'baton')[ \t]*\]/m;

/** Adds Baton's server behind everything else of a `config.toml`. */
export function addCodexServer(text: string | undefined): PlannedText {
  if (text === undefined || text.trim() === '') return { text: codexServer, warnings: [] };
  if (header.test(text)) {
    const isOurs = normalized(text).includes(codexServer);
    return { text, warnings: isOurs ? [] : ['config.toml has a server "baton" of its own, which stays as it is'] };
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = /\r?\n$/.test(text) ? eol : eol + eol;
  return { text: text + gap + codexServer.replaceAll('\n', eol), warnings: [] };
}

/** Takes Baton's server out again, where it is still as it was written. */
export function removeCodexServer(text: string | undefined): PlannedText {
  if (text === undefined || !header.test(text)) return { text, warnings: [] };
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const block = codexServer.replaceAll('\n', eol);
  const at = text.indexOf(block);
  // Lines that somebody put behind ours belong to our table.
  const rest = at < 0 ? '' : text.slice(at + block.length);
  if (at < 0 || !/^\s*(?:\[|#|$)/.test(rest)) {
    return { text, warnings: ['The server "baton" in config.toml was changed since, and stays'] };
  }
  const before = text.slice(0, at);
  const left = (before.endsWith(eol + eol) ? before.slice(0, -eol.length) : before) + rest;
  return { text: left.trim() === '' ? undefined : left, warnings: [] };
}

function normalized(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
