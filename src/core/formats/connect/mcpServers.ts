import { phrase } from '../../base/phrase.ts';
import { JsonText, sameJson } from './jsonEdits.ts';

/** Where Claude Code, Copilot and VS Code alike look for a project's MCP servers. */
export const mcpServersPath = '.mcp.json';

const place = ['mcpServers', 'baton'];
const entry = { type: 'stdio', command: 'baton', args: ['mcp'] };

/** What a planned text says, and what is to be said of it. */
export interface PlannedText {
  /** Undefined: there is to be no such file. */
  readonly text: string | undefined;
  readonly warnings: readonly string[];
}

/** Adds Baton's entry to a `.mcp.json`; one of that name that says something else is the person's and stays. */
export function addMcpServer(text: string | undefined): PlannedText {
  const json = new JsonText(text ?? '', mcpServersPath);
  const there = json.get(place);
  if (there === undefined) json.insert(place, entry);
  else if (!sameJson(there, entry)) {
    const warnings = [phrase`${mcpServersPath} has a server "baton" of its own, which stays as it is`];
    return { text, warnings };
  } else return { text, warnings: [] };
  return { text: json.text, warnings: [] };
}

/** Takes Baton's entry out again; a file that then says nothing goes. */
export function removeMcpServer(text: string | undefined): PlannedText {
  if (text === undefined) return { text, warnings: [] };
  const json = new JsonText(text, mcpServersPath);
  const there = json.get(place);
  if (there === undefined) return { text, warnings: [] };
  if (!sameJson(there, entry)) {
    return { text, warnings: [phrase`The server "baton" in ${mcpServersPath} was changed since, and stays`] };
  }
  json.remove(place);
  if (sameJson(json.get(['mcpServers']), {})) json.remove(['mcpServers']);
  return { text: sameJson(json.get([]), {}) ? undefined : json.text, warnings: [] };
}
