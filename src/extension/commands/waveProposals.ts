import * as vscode from 'vscode';
import type { DecideOnProposal } from '../../core/actions/waves/closeProposals.ts';
import { plainLabel } from './selectSession.ts';

/** Asks about what an agent proposes to remember. Closing the question decides nothing: it waits in the inbox then. */
export const decideByPick: DecideOnProposal = async (proposal, { number, of }) => {
  const { subject, type, confidence, insight } = proposal;
  const items = [
    { label: vscode.l10n.t('Remember It'), decision: 'accept' as const },
    { label: vscode.l10n.t('Do Not'), decision: 'reject' as const },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Remember ({0}/{1}): {2}', number, of, plainLabel(subject)),
    placeHolder: `${insight.slice(0, 300)} (${type}, ${confidence})`,
    ignoreFocusOut: true,
  });
  return chosen?.decision;
};
