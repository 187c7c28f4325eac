import type { Services } from './commands/services.ts';
import { SessionCodeLenses } from './editor/codeLenses.ts';
import { LanguageFeatures } from './editor/languageFeatures.ts';
import { LanguageStatus } from './editor/languageStatus.ts';
import { TaskEditorFeatures } from './editor/tasksFeatures.ts';
import { createHost, type HostParts } from './workspace/createHost.ts';
import type { HostFactory } from './workspace/projects.ts';

/** Makes hosts of folders. */
export function createHostFactory(parts: HostParts): HostFactory {
  return (folder) => createHost(folder, parts);
}

/** What editors of state files offer. */
export interface EditorFeatures {
  readonly lenses: SessionCodeLenses;
  readonly taskFeatures: TaskEditorFeatures;
  readonly languageStatus: LanguageStatus;
  dispose(): void;
}

/**
 * Makes what editors of state files offer, with what reads the files: all of it knows nothing before the first scan, so `activate` loads
 * this file when it has returned.
 */
export function createEditorFeatures({ projects, problems, log }: Services): EditorFeatures {
  const lenses = new SessionCodeLenses(projects);
  const taskFeatures = new TaskEditorFeatures(projects);
  const language = new LanguageFeatures(projects, problems, log);
  const languageStatus = new LanguageStatus(projects);
  return {
    lenses,
    taskFeatures,
    languageStatus,
    dispose: () => {
      for (const one of [lenses, taskFeatures, language, languageStatus]) one.dispose();
    },
  };
}
