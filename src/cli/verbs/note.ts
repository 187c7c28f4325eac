import { type Command, Option } from 'commander';
import type { NoteOptions as NoteRequest } from '../../core/actions/note.ts';
import type { Cli } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { plainText } from '../text.ts';

interface NoteOptions {
  readonly decision?: boolean;
  readonly blocker?: boolean;
  readonly resolve?: boolean;
  readonly rationale?: string;
}

/** `baton note TEXT` */
export function declareNote(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'note',
    summary: 'Note something: on the session, a decision, a blocker',
    details: '--json: path (of the file that was changed), session, kind, resolved.',
    examples: [
      ['baton note "webhooks need a retry"', "to the active session's notes"],
      ['baton note --decision "Use UUIDs" --rationale "they merge"', 'to Key Decisions'],
      ['baton note --blocker "FE-01 blocked by BE-06"', 'to Active Blockers'],
      ['baton note --resolve "FE-01" --rationale "API is live"', 'the blocker is no more'],
    ],
  })
    .argument('<text...>', 'what to note; for --resolve the blocker, or a part of its text')
    .addOption(new Option('--decision', 'it is a decision').conflicts(['blocker', 'resolve']))
    .addOption(new Option('--blocker', 'it is a blocker'))
    .addOption(new Option('--resolve', 'the blocker with this text is resolved'))
    .option('--rationale <why>', 'why it was decided, or how it was resolved')
    .action((words: readonly string[], options: NoteOptions, command: Command) =>
      cli.run(command, async ({ context }) => {
        const { note } = await import('../../core/actions/note.ts');
        const request = toRequest(words.join(' '), options);
        const { path, session, warnings } = await note(context, request);
        return {
          data: { path, session: session ?? null, kind: request.kind, resolved: request.resolve === true },
          warnings,
          print: (out) => {
            const whom = session === undefined ? '' : ` for ${plainText(session)}`;
            const what = { note: 'Noted', decision: 'Decision noted', blocker: 'Blocker noted' }[request.kind];
            out.line(`${out.paint('good', request.resolve === true ? 'Blocker resolved' : what)}${whom} in ${path}`);
          },
        };
      }),
    );
}

function toRequest(text: string, { decision, blocker, resolve, rationale }: NoteOptions): NoteRequest {
  const why = rationale === undefined ? {} : { rationale };
  if (resolve === true) return { text, kind: 'blocker', resolve: true, ...why };
  return { text, kind: decision === true ? 'decision' : blocker === true ? 'blocker' : 'note', ...why };
}
