import { expect, test } from 'vitest';
import { checkpoint } from '../../../src/core/actions/checkpoint.ts';
import { complete } from '../../../src/core/actions/complete.ts';
import { start } from '../../../src/core/actions/start.ts';
import { status } from '../../../src/core/actions/status.ts';
import { verify } from '../../../src/core/actions/verify.ts';
import { createProject, progressPath, sessionPath } from './support.ts';

test('a session from start to completion', async () => {
  const project = await createProject({ yes: true });
  const { context, repository } = project;

  const started = await start(context, { id: 'A-01' });
  console.log(started.model, started.warnings, project.row('A-01'));
  console.log(project.session());
  expect(project.row('A-01')).toMatch(/^\| A-01 \| 🔄 Active \| \d{4}-\d\d-\d\d \d\d:\d\d \| — \| — \| keep me \|$/);
  repository.write('schema.txt', 'one\n');
  const first = await checkpoint(context, { message: 'half of it' });
  console.log(first.commit.message, first.files);
  expect(project.dirty()).toEqual([]);
  repository.write('größe der Dinge.txt', 'zwei\n');
  const verified = await verify(context);
  console.log(JSON.stringify(verified, null, 1));
  console.log(
    JSON.stringify(
      await status(context),
      (k, v) => (k === 'text' ? undefined : k === 'row' || k === 'plan' || k === 'table' ? undefined : v),
      1,
    ),
  );
  const done = await complete(context, { message: 'feat(schema): add it', body: 'With words.' });
  console.log(
    done.commit?.message,
    done.record?.message,
    done.files,
    done.verified,
    done.next.map((s) => s.id),
    done.warnings,
  );
  console.log(project.progress());
  console.log(project.session());
  expect(project.dirty()).toEqual([]);
  console.log(repository.git('show', '--stat', 'HEAD'), repository.git('show', '--stat', 'HEAD~1'));
  expect(repository.git('show', '--name-only', '--format=', 'HEAD').trim()).toBe(progressPath);
  expect(project.subjects()[0]).toBe('chore(progress): record A-01');
  expect(sessionPath).toBeTruthy();
});
