import { expect, onTestFinished } from 'vitest';
import { CliProject } from './cliProject.ts';

/** A project that goes with its test. */
export function createProject(
  files: Readonly<Record<string, string>> = {},
  options: { readonly git?: boolean } = {},
): CliProject {
  const project = new CliProject(files, options);
  onTestFinished(() => project.dispose());
  return project;
}

/** The arguments that make the list of the seeds' migration, with the ID `dbm`. */
export const migration = [
  ...['tasks', 'create', 'Database migration', '--id', 'dbm'],
  ...['--task', 'database-migration: Migrate database schema'],
  ...['--task', 'application-migration: Migrate application code after database-migration'],
  ...['--task', 'data-validation: Validate migrated data after application-migration'],
];

/** A project that has it. */
export async function createMigration(): Promise<CliProject> {
  const project = createProject();
  expect((await project.run(migration)).code).toBe(0);
  return project;
}

/** Rows of the table of tasks, as `id STATUS`. */
export function statesOf(project: CliProject, list = 'dbm'): string[] {
  return [...project.read(`docs/tasks/${list}.md`).matchAll(/^\| ([\w-]+) \| (PENDING|IN_PROGRESS|COMPLETE) \|/gm)].map(
    ([, id, status]) => `${id} ${status}`,
  );
}
