import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  commands,
  contextDefaults,
  executableSettings,
  itemKinds,
  settingDefaults,
  views,
} from '../../src/extension/contributions.ts';
import { dashboardViewType } from '../../src/extension/dashboard/dashboardTarget.ts';

const root = resolve(import.meta.dirname, '../..');

interface Setting {
  readonly default: unknown;
  readonly scope?: string;
  readonly order?: number;
  readonly enum?: readonly string[];
  readonly markdownDescription?: string;
  readonly markdownEnumDescriptions?: readonly string[];
}

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly enabledApiProposals?: unknown;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon?: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly featuredFor: readonly string[];
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
    readonly languageModelTools: readonly { readonly name: string }[];
    readonly mcpServerDefinitionProviders: readonly { readonly id: string }[];
    readonly configuration: readonly {
      readonly id?: string;
      readonly order?: number;
      readonly title: string;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
  };
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

const manifest = readJson<Manifest>('package.json');
const texts = readJson<Readonly<Record<string, string>>>('package.nls.json');
const { contributes } = manifest;
const settings = Object.assign({}, ...contributes.configuration.map(({ properties }) => properties)) as Record<
  string,
  Setting
>;
const menuEntries = Object.entries(contributes.menus).flatMap(([menu, entries]) =>
  entries.map((entry) => ({ menu, ...entry })),
);
const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const whens = [
  ...menuEntries.map(({ when }) => when ?? ''),
  ...contributes.viewsWelcome.map(({ when }) => when),
  ...steps.flatMap(({ completionEvents }) => completionEvents.filter((event) => event.startsWith('onContext:'))),
];

/** Names what one list has and the other has not. */
function difference(ours: readonly string[], theirs: readonly string[]) {
  const [a, b] = [new Set(ours), new Set(theirs)];
  return { missing: [...a].filter((one) => !b.has(one)).sort(), unknown: [...b].filter((one) => !a.has(one)).sort() };
}

const same = { missing: [], unknown: [] };

/** Every file of the extension's source. */
function sources(folder = 'src/extension'): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}

describe('package.json and contributions.ts', () => {
  it('name the same commands', () => {
    expect(
      difference(
        Object.keys(commands),
        contributes.commands.map(({ command }) => command),
      ),
    ).toEqual(same);
    expect(contributes.commands.every(({ category }) => category === 'Baton')).toBe(true);
  });

  it('tell a missing and an unknown command', () => {
    expect(difference(['a', 'b'], ['b', 'c'])).toEqual({ missing: ['a'], unknown: ['c'] });
  });

  it('have a handler for every command', () => {
    const registered = sources().flatMap((text) =>
      [...text.matchAll(/registerCommand\(\s*'([^']+)'/g)].map(([, id]) => id ?? ''),
    );
    expect(difference(Object.keys(commands), registered)).toEqual(same);
    expect(registered).toHaveLength(new Set(registered).size);
  });

  it('hide in the palette what is internal, and show the rest as declared', () => {
    const palette = new Map((contributes.menus['commandPalette'] ?? []).map(({ command, when }) => [command, when]));
    for (const [id, kind] of Object.entries(commands)) {
      const when = palette.get(id);
      if (kind === 'palette') expect([id, when]).toEqual([id, undefined]);
      else if (kind === 'internal') expect([id, when]).toEqual([id, 'false']);
      else expect([id, typeof when]).toEqual([id, 'string']);
    }
  });

  it('use only known commands in menus and welcome texts', () => {
    const linked = contributes.viewsWelcome.flatMap(({ contents }) => linkedCommands(textOf(contents)));
    const used = [...menuEntries.map(({ command }) => command), ...linked].filter((id) => !id.startsWith('workbench.'));
    expect(used.filter((id) => !(id in commands))).toEqual([]);
  });

  it('name the same settings, with the same defaults', () => {
    expect(difference(Object.keys(settingDefaults), Object.keys(settings))).toEqual(same);
    for (const [id, value] of Object.entries(settingDefaults)) expect([id, settings[id]?.default]).toEqual([id, value]);
  });

  it('put every setting into a titled section, in an order, with a scope and a description', () => {
    const sections = contributes.configuration.map(({ id, order }) => [typeof id, order ?? 0] as const);
    expect(sections.map(([kind]) => kind)).toEqual(sections.map(() => 'string'));
    expect(sections.map(([, order]) => order).sort()).toEqual([...sections.keys()].map((at) => at + 1));
    for (const { title, properties } of contributes.configuration) {
      expect(textOf(title)).not.toBe('');
      const orders = Object.values(properties).map(({ order }) => order);
      expect(orders).toEqual([...orders.keys()].map((at) => at + 1));
    }
    for (const [id, setting] of Object.entries(settings)) {
      expect([id, typeof setting.scope]).toEqual([id, 'string']);
      expect(textOf(setting.markdownDescription ?? '')).not.toBe('');
      expect([id, setting.markdownEnumDescriptions?.length]).toEqual([id, setting.enum?.length]);
    }
  });

  it('follow every setting while the window is open', () => {
    // Read anew each time that they matter; whatever is drawn by a setting listens to it.
    const readAtUse = [
      'baton.files.saveDirtyEditors',
      'baton.sessions.checkpointReminderMinutes',
      'baton.notifications.nextStep',
      'baton.notifications.undo',
      'baton.notifications.questions',
      'baton.notifications.verdicts',
      'baton.notifications.failures',
      'baton.notifications.breaker',
      'baton.notifications.waves',
      'baton.agents.command',
      'baton.agents.args',
      'baton.agents.models',
    ];
    const followed = sources().flatMap((text) =>
      [...text.matchAll(/onDidChangeSetting\(\s*\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
        [...list.matchAll(/'([^']+)'/g)].map(([, id = '']) => id),
      ),
    );
    expect(difference(Object.keys(settings), [...readAtUse, ...followed])).toEqual(same);
  });

  it('say nothing that cannot be translated', () => {
    const texts: string[] = [];
    const collect = (value: unknown, key = ''): void => {
      if (Array.isArray(value)) for (const one of value) collect(one, key);
      else if (typeof value === 'object' && value !== null) {
        for (const [name, inner] of Object.entries(value)) if (name !== 'inputSchema') collect(inner, name);
      } else if (/^(?:title|name|label|contents|altText|(?:display|markdown|user)?\w*[dD]escriptions?)$/.test(key)) {
        texts.push(String(value));
      }
    };
    collect({ ...contributes, languageModelTools: [] });
    expect(texts.length).toBeGreaterThan(50);
    expect([...new Set(texts)].filter((text) => !/^%[^%]+%$/.test(text))).toEqual(['Baton']);
  });

  it('look whether a host has what forks of VS Code leave out, before they use it', () => {
    const optional = sources().filter((text) => /\bvscode\.(?:lm|chat)\./.test(text));
    expect(optional.length).toBeGreaterThan(0);
    for (const text of optional) {
      const used = [...text.matchAll(/\bvscode\.((?:lm|chat)\.\w+)\(/g)].map(([, name = '']) => name);
      for (const name of used) expect(text).toContain(`typeof vscode.${name.replace('.', '?.')} `);
    }
    // Menus that only extensions with proposed API may contribute to are not among these.
    const menus = ['commandPalette', 'view/title', 'view/item/context', 'editor/title', 'file/newFile'];
    const stable = [...menus, 'editor/lineNumber/context', 'scm/title', 'scm/resourceState/context', 'webview/context'];
    const comments = ['comments/commentThread/context', 'comments/commentThread/title', 'comments/comment/title'];
    const further = [
      ...comments,
      'scm/resourceGroup/context',
      'explorer/context',
      'testing/item/context',
      'editor/context',
    ];
    expect(Object.keys(contributes.menus).filter((menu) => ![...stable, ...further].includes(menu))).toEqual([]);
  });

  it('let no repository say what is executed', () => {
    for (const id of executableSettings) expect([id, settings[id]?.scope]).toEqual([id, 'machine']);
    const machine = Object.keys(settings).filter((id) => settings[id]?.scope === 'machine');
    expect(difference(executableSettings, machine)).toEqual(same);
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(difference(executableSettings, restrictedConfigurations)).toEqual(same);
  });

  it('name the same views', () => {
    const declared = Object.values(contributes.views).flat();
    expect(
      difference(
        Object.values(views),
        declared.map(({ id }) => id),
      ),
    ).toEqual(same);
    expect(declared.every(({ icon }) => icon !== undefined)).toBe(true);
    expect(contributes.viewsWelcome.filter(({ view }) => !Object.values<string>(views).includes(view))).toEqual([]);
  });

  it('use only known context keys in when clauses, and each of them somewhere', () => {
    const used = whens.flatMap((when) => [...when.matchAll(/\bbaton\.\w+\b/g)].map(([id]) => id));
    const keys = used.filter((id) => !Object.values<string>(views).includes(id));
    expect(difference(Object.keys(contextDefaults), keys)).toEqual(same);
  });

  it('match in menus only on kinds of items that there are', () => {
    const matched = whens.flatMap((when) =>
      [...when.matchAll(/viewItem (?:== '?(\w+)|=~ \/\^\(?([\w|]+))/g)].flatMap(([, exact, pattern]) =>
        (exact ?? pattern ?? '').split('|'),
      ),
    );
    expect(matched.length).toBeGreaterThan(10);
    expect(matched.filter((kind) => !itemKinds.some((known) => known === kind))).toEqual([]);
  });

  it('contribute only what is stable, and activate only where there are state files', () => {
    const allowed = [
      ...['viewsContainers', 'views', 'viewsWelcome', 'commands', 'menus', 'keybindings', 'configuration'],
      ...['languageModelTools', 'mcpServerDefinitionProviders', 'walkthroughs', 'snippets'],
    ];
    expect(Object.keys(contributes).filter((key) => !allowed.includes(key))).toEqual([]);
    expect(manifest.enabledApiProposals).toBeUndefined();
    const others = manifest.activationEvents.filter((event) => !event.startsWith('workspaceContains:'));
    expect(manifest.activationEvents.length - others.length).toBeLessThanOrEqual(5);
    // A dashboard that was open when the window was reloaded.
    expect(others).toEqual([`onWebviewPanel:${dashboardViewType}`]);
  });

  it('have one walkthrough of five steps that end by what is done, with pictures in the colours of the theme', () => {
    expect(contributes.walkthroughs).toHaveLength(1);
    expect(steps).toHaveLength(5);
    for (const { id, description, media, completionEvents } of steps) {
      const linked = linkedCommands(textOf(description));
      expect([id, linked.length > 0, linked.filter((one) => !(one in commands))]).toEqual([id, true, []]);
      expect([id, completionEvents.length]).toEqual([id, 1]);
      for (const event of completionEvents) {
        const [kind, name = ''] = event.split(':');
        expect([event, kind === 'onCommand' ? name in commands : name in contextDefaults]).toEqual([event, true]);
      }
      expect(textOf(media.altText)).not.toBe('');
      const picture = readFileSync(join(root, media.svg), 'utf8');
      const colours = [...picture.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, colour = '']) => colour);
      expect(colours.filter((colour) => colour !== 'none' && !colour.startsWith('var(--vscode-'))).toEqual([]);
      expect(picture).not.toMatch(/<script|<image|href=/);
    }
    const help = sources().find((text) => text.includes('workbench.action.openWalkthrough')) ?? '';
    expect(help).toContain(`#${contributes.walkthroughs[0]?.id}`);
  });

  it('bind keys only within Baton’s own views', () => {
    const bound = contributes.keybindings.map(({ command, when }) => [command in commands, when.split(' ')[0], when]);
    expect(bound.length).toBeGreaterThan(0);
    for (const [isKnown, first, when] of bound) expect([isKnown, first, when]).toEqual([true, 'focusedView', when]);
  });

  it('have a tool and a server behind each that is declared', () => {
    const text = sources().join('\n');
    const registered = [...text.matchAll(/registerTool<unknown>\('([^']+)'/g)].map(([, name]) => name ?? '');
    expect(
      difference(
        registered,
        contributes.languageModelTools.map(({ name }) => name),
      ),
    ).toEqual(same);
    for (const { name } of contributes.languageModelTools) expect(name).toMatch(/^(?!copilot_|vscode_)[\w-]+$/);
    for (const { id } of contributes.mcpServerDefinitionProviders) expect(text).toContain(`'${id}'`);
  });

  it('have a text for every placeholder, and no text without one', () => {
    const used = [...readFileSync(join(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(
      ([, key]) => key ?? '',
    );
    expect(difference(Object.keys(texts), used)).toEqual(same);
  });
});

it('errors are shown in one place, which knows what each code means', () => {
  expect(sources().filter((text) => /\bshowErrorMessage\(/.test(text))).toHaveLength(1);
  expect(readFileSync(join(root, 'src/extension/presentError.ts'), 'utf8')).toMatch(/\bshowErrorMessage\(/);
});

function linkedCommands(text: string): string[] {
  return [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, id]) => id ?? '');
}

/** The text behind a placeholder. */
function textOf(value: string): string {
  const key = /^%(.+)%$/.exec(value)?.[1];
  return key === undefined ? value : (texts[key] ?? '');
}
