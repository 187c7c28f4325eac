import * as vscode from 'vscode';
import { hasWavePlan } from '../../core/formats/waves/wavePlan.ts';
import { shownState } from '../../core/model/shownState.ts';
import type { SessionEntry } from '../../core/model/workspace.ts';
import { createAgentCatalog } from '../../platform/agents/agentCatalog.ts';
import { stateWord } from '../views/sessionStates.ts';
import type { ProjectHost } from '../workspace/projectHost.ts';
import { pickAgent } from './pickAgent.ts';
import { activeUri } from './selectHost.ts';
import { plainLabel } from './selectSession.ts';

/** What a run carries out, and how. */
export interface WaveSource {
  /** Path of a document with a wave plan, relative to the folder. */
  readonly plan?: string;
  /** ID of a session of a plan. */
  readonly session?: string;
  readonly project?: string;
  /** Name of the agent; absent: the configured one. */
  readonly agent?: string;
  readonly focus?: string;
  readonly sequential?: boolean;
}

type How = Pick<WaveSource, 'agent' | 'focus' | 'sequential'>;

interface SourcePick extends vscode.QuickPickItem {
  readonly source?: WaveSource;
}

/** Where documents with wave plans are looked for. */
const planFolders = '{docs,plans,.orchestrator,.claude}/**/*.md';
const mostDocuments = 200;

/** Lets a person pick a wave plan document or a session; buttons choose the agent, a focus, and one agent after another. */
export async function pickWaveSource(host: ProjectHost, given: How): Promise<WaveSource | undefined> {
  const quickPick = vscode.window.createQuickPick<SourcePick>();
  let how = given;
  const usual = given.agent ?? (await createAgentCatalog().defaultName());
  const describe = (): void => {
    const parts = [
      how.agent ?? usual,
      how.focus === undefined ? undefined : vscode.l10n.t('focus: {0}', how.focus),
      how.sequential === true ? vscode.l10n.t('one after another') : undefined,
    ];
    quickPick.title = vscode.l10n.t('Start Wave Run: {0}', parts.filter((part) => part !== undefined).join(' · '));
    quickPick.buttons = [agentButton, focusButton, how.sequential === true ? parallelButton : sequentialButton];
  };
  const agentButton = button('hubot', vscode.l10n.t('Choose the Agent'));
  const focusButton = button('target', vscode.l10n.t('Say What Has Priority'));
  const sequentialButton = button('list-ordered', vscode.l10n.t('One Agent After Another'));
  const parallelButton = button('split-horizontal', vscode.l10n.t('Agents Side by Side'));
  quickPick.placeholder = vscode.l10n.t('A wave plan, or a session of which waves are made');
  quickPick.matchOnDescription = true;
  quickPick.ignoreFocusOut = true;
  quickPick.busy = true;
  let isAsking = false;
  try {
    describe();
    const chosen = new Promise<WaveSource | undefined>((resolve) => {
      quickPick.onDidTriggerButton(async (pressed) => {
        isAsking = true;
        if (pressed === agentButton)
          how = { ...how, agent: (await pickAgent(how.agent ?? usual)) ?? how.agent ?? usual };
        else if (pressed === focusButton) how = withFocus(how, await askFocus(how.focus));
        else how = { ...how, sequential: how.sequential !== true };
        isAsking = false;
        describe();
        quickPick.show();
      });
      quickPick.onDidAccept(() => {
        const [item] = quickPick.selectedItems;
        if (item?.source !== undefined) resolve({ ...item.source, ...how });
      });
      quickPick.onDidHide(() => {
        if (!isAsking) resolve(undefined);
      });
    });
    quickPick.show();
    quickPick.items = [...(await documentPicks(host)), ...sessionPicks(host)];
    quickPick.busy = false;
    return await chosen;
  } finally {
    quickPick.dispose();
  }
}

function button(icon: string, tooltip: string): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}

async function askFocus(before: string | undefined): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Priority Focus'),
    prompt: vscode.l10n.t('What is each agent to see to first? Empty: nothing special.'),
    value: before ?? '',
    ignoreFocusOut: true,
  });
}

/** Closing the question changes nothing; an empty answer takes the focus away. */
function withFocus(how: How, said: string | undefined): How {
  if (said === undefined) return how;
  const { focus: _, ...others } = how;
  return said.trim() === '' ? others : { ...others, focus: said.trim() };
}

/** The document in front first. */
async function documentPicks(host: ProjectHost): Promise<readonly SourcePick[]> {
  const inFront = activeUri();
  const pattern = new vscode.RelativePattern(host.folder, planFolders);
  const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', mostDocuments);
  const uris = [...(inFront === undefined ? [] : [inFront]), ...found];
  const paths = [...new Set(uris.flatMap((uri) => host.pathOf(uri) ?? []))].filter((path) => path.endsWith('.md'));
  const plans: string[] = [];
  for (const path of paths) {
    const text = await host.ports.files.readText(path).catch(() => undefined);
    if (text !== undefined && hasWavePlan(text) && !isPlanOfSessions(host, path)) plans.push(path);
  }
  if (plans.length === 0) return [];
  const head = { label: vscode.l10n.t('Wave plans'), kind: vscode.QuickPickItemKind.Separator };
  return [
    head,
    ...plans.map((path) => ({
      label: plainLabel(path.split('/').at(-1) ?? path),
      description: plainLabel(path),
      iconPath: new vscode.ThemeIcon('layers'),
      source: { plan: path },
    })),
  ];
}

function isPlanOfSessions({ workspace }: ProjectHost, path: string): boolean {
  return workspace?.plans.some((plan) => plan.path === path && plan.sessions.length > 0) === true;
}

function sessionPicks({ workspace }: ProjectHost): readonly SourcePick[] {
  const open = (workspace?.sessions ?? []).filter(({ plan, status, ready }) => {
    return plan !== undefined && (ready || status === 'active' || status === 'paused');
  });
  if (open.length === 0) return [];
  const order = (entry: SessionEntry): number => (entry.activeHere ? 0 : 1);
  return [
    { label: vscode.l10n.t('Sessions'), kind: vscode.QuickPickItemKind.Separator },
    ...open
      .toSorted((a, b) => order(a) - order(b))
      .map((entry) => ({
        label: plainLabel(entry.id),
        description: plainLabel(`${entry.title} · ${stateWord(shownState(entry))}`),
        iconPath: new vscode.ThemeIcon('checklist'),
        source: { session: entry.id, project: entry.project },
      })),
  ];
}
