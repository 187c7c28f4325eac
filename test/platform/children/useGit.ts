/** Runs a few git commands, says so and ends: `useGit.ts <root>`. */
import process from 'node:process';
import { createGitFinder } from '../../../src/platform/git/gitFinder.ts';
import { createProjectFolder } from '../../../src/platform/projectFolder.ts';

const git = await createGitFinder(createProjectFolder(process.argv[2] ?? ''))('');
await Promise.all([git?.head(), git?.changes(), git?.log(), git?.workingTree([])]);
process.stdout.write('done\n');
