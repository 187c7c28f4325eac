import type * as vscode from 'vscode';
import { SessionSourceControls } from './changes/sessionSourceControl.ts';
import type { Services } from './commands/services.ts';
import { everyMinute } from './everyMinute.ts';
import { OtherWorktrees } from './isolated/otherWorktrees.ts';
import { type ReviewComments, reviewCommentsOf } from './isolated/reviewComments.ts';
import type { StatusBar } from './statusBar.ts';
import { SessionTests } from './testing/sessionTests.ts';
import { AgentsView } from './views/agents/view.ts';
import { WaveFeatures } from './waves/waveFeatures.ts';

/** What is there beside the views of state files. Loaded when the first scan has ended: activation does not wait for it. */
export interface LateFeatures extends vscode.Disposable {
  readonly sourceControls: SessionSourceControls;
  readonly tests: SessionTests;
  readonly agents: AgentsView;
  readonly waves: WaveFeatures;
  readonly reviews: ReviewComments;
}

/** Makes them all. */
export function createLateFeatures(services: Services, statusBar: StatusBar): LateFeatures {
  const sourceControls = new SessionSourceControls(services.projects, services.log);
  const tests = new SessionTests(services);
  const waves = new WaveFeatures(services, statusBar);
  const reviews = reviewCommentsOf(services);
  const agents = new AgentsView({
    projects: services.projects,
    log: services.log,
    statusBar,
    onDidRead: (host) => {
      services.dashboards.update(host.id);
      void reviews.follow(host.id);
      void worktrees.look(host);
    },
    onDidShow: (inputs) => waves.show(inputs),
  });
  const worktrees = new OtherWorktrees(services.log, (folder, others) => agents.setOthers(folder, others));
  waves.followPeers((folder, peers) => agents.setPeers(folder, peers));
  reviews.restore().catch((error: unknown) => services.log.error('Comments could not be shown.', error));
  const minutes = everyMinute(() => {
    agents.tickMinute();
    waves.tickMinute();
  });
  return {
    sourceControls,
    tests,
    agents,
    waves,
    reviews,
    dispose: () => {
      sourceControls.dispose();
      tests.dispose();
      minutes.dispose();
      agents.dispose();
      waves.dispose();
      reviews.dispose();
    },
  };
}
