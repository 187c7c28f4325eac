export type {
  DependencyState,
  FileProblems,
  ProjectEntry,
  SessionEntry,
  Workspace,
  WorkspaceChange,
} from '../model/workspace.ts';
