import type * as vscode from 'vscode';
import { SessionSourceControls } from './changes/sessionSourceControl.ts';
import type { Services } from './commands/services.ts';
import { SessionTests } from './testing/sessionTests.ts';

/** What is there for an active session beside the views. Loaded when the first scan has ended: activation does not wait for it. */
export interface LateFeatures extends vscode.Disposable {
  readonly sourceControls: SessionSourceControls;
  readonly tests: SessionTests;
}

/** Makes them all. */
export function createLateFeatures(services: Services): LateFeatures {
  const sourceControls = new SessionSourceControls(services.projects, services.log);
  const tests = new SessionTests(services);
  return {
    sourceControls,
    tests,
    dispose: () => {
      sourceControls.dispose();
      tests.dispose();
    },
  };
}
