import { basename } from 'node:path';
import process from 'node:process';
import type { Command } from 'commander';
import { BatonError } from '../../core/errors.ts';
import { heldResourcesVariable, type ResourceHolder } from '../../core/ports/resources.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { plainText } from '../text.ts';

/** `baton with RESOURCE -- CMD…` */
export function declareWith(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'with',
    summary: 'Run a command while a named resource is held, one at a time',
    details:
      'All worktrees of the clone share the resources: build, db:test, port:3000, whatever the project agrees on. Who waits is told for whom. ' +
      'The command gets its arguments as they are, without a shell, and its exit code is the one of this call. The resource is free again ' +
      'when the command ends, or when this process is killed.\n\n' +
      '--json (before "--"): resource, exitCode, waitedMs; the command’s own output is then on stderr.',
    examples: [
      ['baton with build -- npm test', 'nobody else builds meanwhile'],
      ['baton with db:test -- npm run migrate', 'of two that migrate at once, one waits'],
    ],
  })
    .argument('<resource>', 'name of the resource')
    .argument('<command...>', 'the command and its arguments, behind "--"')
    .action((resource: string, words: readonly string[], _options: object, command: Command) =>
      cli.run(command, async ({ context, root, err }) => {
        const [{ openResources }, { runHeldCommand }] = await Promise.all([
          import('../../platform/resources.ts'),
          import('../../platform/heldCommand.ts'),
        ]);
        const [name = '', ...args] = words;
        const held = process.env[heldResourcesVariable]?.split(' ').filter((one) => one !== '') ?? [];
        const startedMs = performance.now();
        const resources = await openResources(root, context.ports.owners);
        // Whoever started this holds it for us: waiting for it would never end.
        const lease = held.includes(resource)
          ? undefined
          : await resources.acquire(resource, {
              holder: describeCommand(name, args),
              onWait: (holder) => err.line(`Waiting for ${resource}: ${describeHolder(holder)}.`),
              cancellation: context.cancellation,
            });
        const waitedMs = Math.round(performance.now() - startedMs);
        try {
          const environment = { [heldResourcesVariable]: [...new Set([...held, resource])].join(' ') };
          const { exitCode, failure } = await runHeldCommand([name, ...args], { environment, quiet: cli.json });
          cli.exitCode = exitCode;
          const data = { resource, exitCode, waitedMs };
          if (failure === undefined) return { data, print: () => undefined };
          cli.fail(
            new BatonError('process-failed', `${plainText(name)} could not be started: ${failure}`, {
              hint: 'Name a program that is on the PATH, behind "--".',
              data,
            }),
          );
          cli.exitCode = exitCode;
          return { data, print: () => undefined };
        } finally {
          await lease?.release();
        }
      }),
    );
}

/** Enough to know what runs, and not its arguments, which may hold secrets. */
function describeCommand(name: string, [first]: readonly string[]): string {
  const shown = first !== undefined && /^\w[\w:.-]{0,39}$/.test(first) ? ` ${first}` : '';
  return `${basename(name)}${shown}`;
}

function describeHolder(holder: ResourceHolder | undefined): string {
  if (holder === undefined) return 'somebody else is just taking it';
  return `${plainText(holder.holder)} has it (process ${holder.pid})`;
}
