import * as vscode from 'vscode';
import type { ShownGate } from '../../../core/model/waves/shownRun.ts';
import { localized } from '../../localized.ts';
import { commandLink } from '../../registration.ts';
import type { WaveContent, WaveNode } from './model.ts';
import {
  findingText,
  gateParts,
  runIcon,
  runParts,
  runTooltip,
  waveAgentIcon,
  waveAgentParts,
  waveAgentTooltip,
  waveIcon,
  waveParts,
} from './waveText.ts';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

interface RowLook {
  readonly label: string;
  readonly parts?: readonly string[];
  readonly icon: vscode.ThemeIcon;
  readonly context: string;
  readonly state?: vscode.TreeItemCollapsibleState;
  /** What screen readers say before the label. */
  readonly kind?: string;
  readonly tooltip?: string;
  readonly command?: vscode.Command;
}

/** The row of an element of a run. */
export function waveItem(node: WaveNode): vscode.TreeItem {
  const look = lookOf(node);
  const item = new vscode.TreeItem(look.label, look.state ?? None);
  item.id = node.element.nodeId;
  item.description = look.parts?.join(' · ') ?? '';
  item.iconPath = look.icon;
  item.contextValue = look.context;
  if (look.tooltip !== undefined) item.tooltip = look.tooltip;
  if (look.command !== undefined) item.command = look.command;
  const words = [look.kind, look.label, ...(look.parts ?? [])];
  item.accessibilityInformation = { label: words.filter((word) => word !== undefined && word !== '').join(', ') };
  return item;
}

/** The tooltip of a row, which costs the most and is seen the least. */
export function waveTooltip({ content }: WaveNode): vscode.MarkdownString | undefined {
  if (content.kind === 'run') return runTooltip(content.run);
  return content.kind === 'agent' ? waveAgentTooltip(content.agent) : undefined;
}

function lookOf({ element, content, children }: WaveNode): RowLook {
  const { folder, id } = element;
  switch (content.kind) {
    case 'run':
      return runLook(content);
    case 'wave':
      return waveLook(content, children.length);
    case 'agent':
      return agentLook(content, { folder, id, agent: content.agent.key }, children.length);
    case 'planned':
      return {
        label: firstLine(content.task),
        parts: [content.id, vscode.l10n.t('planned'), ...content.files.slice(0, 3)],
        icon: icon('circle-outline', 'testing.iconUnset'),
        context: 'planned',
        tooltip: [content.task, ...content.files].join('\n'),
      };
    case 'gate': {
      const { gate } = content;
      const tail = gate.failed?.tail;
      return {
        label: vscode.l10n.t('Gate after Wave {0}', content.wave),
        parts: gateParts(gate),
        icon: gateIcon(gate),
        context: 'gate',
        ...(tail !== undefined && { tooltip: tail }),
        ...(gate.isUnset === true && { tooltip: unsetGateHelp() }),
      };
    }
    case 'question':
      return questionLook(content, { folder, id });
    case 'why':
      return {
        label: firstLine(localized(content.text)),
        icon: icon('info', 'testing.iconQueued'),
        context: 'why',
        tooltip: localized(content.text),
      };
    default:
      return detailLook(content);
  }
}

function runLook({ run, folderName }: Extract<WaveContent, { kind: 'run' }>): RowLook {
  return {
    label: run.title,
    parts: [...(folderName === undefined ? [] : [folderName]), ...runParts(run)],
    icon: runIcon(run),
    context: ['waveRun', run.source, run.status, ...run.can].join(' '),
    state: Expanded,
    kind: vscode.l10n.t('wave run'),
  };
}

function waveLook({ run, wave, isNamed }: Extract<WaveContent, { kind: 'wave' }>, count: number): RowLook {
  const isOpen = wave.state === 'running' || wave.state === 'failed';
  return {
    label:
      wave.title === ''
        ? vscode.l10n.t('Wave {0}', wave.number)
        : vscode.l10n.t('Wave {0}: {1}', wave.number, wave.title),
    parts: [...(isNamed === true ? [run.title] : []), ...waveParts(wave)],
    icon: waveIcon(wave),
    context: ['wave', wave.state, ...(run.source === 'record' && wave.agents.length > 0 ? ['changes'] : [])].join(' '),
    state: count === 0 ? None : isOpen ? Expanded : Collapsed,
  };
}

function agentLook(
  { agent }: Extract<WaveContent, { kind: 'agent' }>,
  argument: { readonly folder: string; readonly id: string; readonly agent: string },
  count: number,
): RowLook {
  const needsLook = agent.findings.some(({ severity }) => severity === 'stop');
  return {
    label: firstLine(agent.task),
    parts: waveAgentParts(agent),
    icon: waveAgentIcon(agent),
    context: ['waveAgent', agent.status, ...agent.can].join(' '),
    state: count === 0 ? None : needsLook ? Expanded : Collapsed,
    ...(agent.can.includes('log') && {
      command: commandLink('baton.showWaveAgentLog', vscode.l10n.t('Show Agent Log'), argument),
    }),
  };
}

function questionLook(
  { question, stateFile }: Extract<WaveContent, { kind: 'question' }>,
  { folder, id }: { readonly folder: string; readonly id: string },
): RowLook {
  const { item, text, recommended } = question;
  const title = vscode.l10n.t('Answer');
  return {
    label: firstLine(text),
    parts: recommended === undefined ? [] : [vscode.l10n.t('recommended: {0}', recommended)],
    icon: icon('comment-unresolved', 'testing.iconQueued'),
    context: item === undefined ? 'question state' : 'question',
    kind: vscode.l10n.t('question'),
    tooltip: text,
    command:
      item === undefined
        ? commandLink('baton.answerStateQuestion', title, {
            folder,
            id,
            question: text,
            ...(stateFile && { stateFile }),
          })
        : commandLink('baton.answerQuestion', title, { folder, id: item }),
  };
}

function detailLook(
  content: Extract<WaveContent, { kind: 'finding' | 'warning' | 'list' | 'mission' | 'deviation' }>,
): RowLook {
  switch (content.kind) {
    case 'finding': {
      const isStop = content.finding.severity === 'stop';
      return {
        label: findingText(content.finding),
        icon: isStop ? icon('error', 'testing.iconFailed') : icon('warning', 'testing.iconErrored'),
        context: 'finding',
        tooltip: content.finding.evidence.join('\n'),
      };
    }
    case 'warning':
      return {
        label: warningText(content.about),
        parts: [content.values.join(', ')],
        icon: icon('warning', 'testing.iconErrored'),
        context: 'warning',
        tooltip: content.values.join('\n'),
      };
    case 'list':
      return {
        label: content.list === 'missions' ? vscode.l10n.t('Missions') : vscode.l10n.t('Deviations'),
        parts: [String(content.count)],
        icon: new vscode.ThemeIcon(content.list === 'missions' ? 'milestone' : 'git-compare'),
        context: 'group',
        state: Collapsed,
      };
    case 'mission':
      return {
        label: content.id,
        parts: [content.status],
        icon:
          content.status === 'completed'
            ? icon('pass-filled', 'testing.iconPassed')
            : icon('circle-outline', 'testing.iconUnset'),
        context: 'mission',
      };
    case 'deviation':
      return {
        label: firstLine(content.text),
        parts: [content.at.slice(0, 16).replace('T', ' ')],
        icon: new vscode.ThemeIcon('git-compare'),
        context: 'deviation',
        tooltip: content.text,
      };
  }
}

function gateIcon({ passed, isUnset }: ShownGate): vscode.ThemeIcon {
  if (isUnset === true) return icon('shield', 'testing.iconUnset');
  return icon('shield', passed ? 'testing.iconPassed' : 'testing.iconFailed');
}

function unsetGateHelp(): string {
  return vscode.l10n.t('Set lint-command, typecheck-command or test-command under "waves" in .baton.yaml.');
}

function warningText(about: 'outside' | 'notVerified' | 'commits'): string {
  if (about === 'outside') return vscode.l10n.t('Changed outside its scope');
  return about === 'commits'
    ? vscode.l10n.t('Committed, which agents must not')
    : vscode.l10n.t('Said to be changed, and not found');
}

function icon(name: string, color: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, new vscode.ThemeColor(color));
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? text;
}
