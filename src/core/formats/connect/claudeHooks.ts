import { phrase } from '../../base/phrase.ts';
import { JsonText, sameJson } from './jsonEdits.ts';
import type { PlannedText } from './mcpServers.ts';

/** Claude Code's settings of a project; VS Code and Copilot read their hooks too. */
export const claudeSettingsPath = '.claude/settings.json';

/** What runs at which event. */
export const hookCommands: Readonly<Record<string, string>> = {
  SessionStart: 'baton hook session-start',
  Stop: 'baton hook stop',
  PreCompact: 'baton hook pre-compact',
};

function group(command: string) {
  return { hooks: [{ type: 'command', command }] };
}

/** Adds Baton's hooks to the settings, each behind those that are there. */
export function addHooks(text: string | undefined): PlannedText {
  const json = new JsonText(text ?? '', claudeSettingsPath);
  let changed = false;
  for (const [event, command] of Object.entries(hookCommands)) {
    if (commandsOf(json.get(['hooks', event])).includes(command)) continue;
    json.append(['hooks', event], group(command));
    changed = true;
  }
  return { text: changed ? json.text : text, warnings: [] };
}

/** Takes Baton's hooks out again; a group that somebody added something to stays. */
export function removeHooks(text: string | undefined): PlannedText {
  if (text === undefined) return { text, warnings: [] };
  const json = new JsonText(text, claudeSettingsPath);
  const warnings: string[] = [];
  let changed = false;
  for (const [event, command] of Object.entries(hookCommands)) {
    const groups = json.get(['hooks', event]);
    if (!Array.isArray(groups)) continue;
    const at = groups.findIndex((each) => sameJson(each, group(command)));
    if (at >= 0) {
      json.remove(groups.length === 1 ? ['hooks', event] : ['hooks', event, at]);
      changed = true;
    } else if (commandsOf(groups).includes(command)) {
      warnings.push(phrase`The ${event} hook "${command}" in ${claudeSettingsPath} was changed since, and stays`);
    }
  }
  if (!changed) return { text, warnings };
  if (sameJson(json.get(['hooks']), {})) json.remove(['hooks']);
  return { text: sameJson(json.get([]), {}) ? undefined : json.text, warnings };
}

function commandsOf(groups: unknown): readonly unknown[] {
  if (!Array.isArray(groups)) return [];
  return groups.flatMap((each: unknown) => {
    const hooks = typeof each === 'object' && each !== null && 'hooks' in each ? each.hooks : undefined;
    if (!Array.isArray(hooks)) return [];
    return hooks.map((hook: unknown) =>
      typeof hook === 'object' && hook !== null && 'command' in hook ? hook.command : undefined,
    );
  });
}
