import type { ActionContext } from '../core/actions/context.ts';
import { revisionOf } from '../core/base/revision.ts';
import { BatonError } from '../core/errors.ts';
import type { ProjectPath } from '../core/ports/fileSystem.ts';

/**
 * Makes an action fail with `conflict` where a file is not the one that the caller saw: looked at now, so that nothing long runs in vain,
 * and demanded again of the write path at the first write of that file, so that nobody slips in between.
 *
 * @throws BatonError `conflict`, with the current text and revision in `data`
 */
export async function expectRevision(
  context: ActionContext,
  path: ProjectPath,
  expected: string | undefined,
): Promise<ActionContext> {
  if (expected === undefined) return context;
  const text = await context.ports.files.readText(path);
  const revision = text === undefined ? undefined : revisionOf(text);
  if (revision !== expected) {
    throw new BatonError('conflict', `${path} is not as you saw it`, {
      hint: 'Read it again, decide anew, and pass the revision that you then get.',
      data: { path, expected_revision: expected, revision: revision ?? null, text: text ?? null },
    });
  }
  const { stateFiles } = context.ports;
  let written = false;
  return {
    ...context,
    ports: {
      ...context.ports,
      stateFiles: {
        move: (from, to) => stateFiles.move(from, to),
        remove: (file) => stateFiles.remove(file),
        assertWritable: (file) => stateFiles.assertWritable(file),
        async update(file, plan, options) {
          if (file !== path || written) return stateFiles.update(file, plan, options);
          const outcome = await stateFiles.update(file, plan, { expectedRevision: expected, ...options });
          written = true;
          return outcome;
        },
      },
    },
  };
}
