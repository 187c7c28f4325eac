import process from 'node:process';
import type { Command } from 'commander';
import { Option } from 'commander';
import { BatonError } from '../../core/errors.ts';
import type { Cli, GlobalOptions } from '../cli.ts';
import { declareVerb } from '../declareVerb.ts';
import { loadBeside } from '../loadBeside.ts';
import { enterFolder } from '../project.ts';

interface McpOptions extends GlobalOptions {
  readonly root?: string;
  readonly tools: 'default' | 'all';
}

/** `baton mcp` */
export function declareMcp(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'mcp',
    summary: 'Serve the Model Context Protocol on stdin and stdout',
    details:
      'Agents start this; `baton connect` tells them how. The project is that of the folders that the agent has open, else of ' +
      '--root, else of CLAUDE_PROJECT_DIR or the current folder. Nothing runs that a person has not approved.',
    examples: [
      ['baton mcp', 'the default tools'],
      ['baton mcp --root ~/shop --tools all', 'all tools, for that project'],
    ],
  })
    .option('--root <dir>', 'the project to work on where the agent names none')
    .addOption(new Option('--tools <set>', 'which tools to offer').choices(['default', 'all']).default('default'))
    .action(async (_options: object, command: Command) => {
      const { root, tools, cwd }: McpOptions = command.optsWithGlobals();
      if (cwd !== undefined) enterFolder(cwd);
      // Here, because an error of another bundle would be no BatonError of this one.
      if (root !== undefined) enterFolder(root, '--root');
      const { serve } = await loadBeside('mcp.cjs');
      if (typeof serve !== 'function') throw new BatonError('process-failed', 'mcp.cjs is of another version of Baton');
      const stop = new AbortController();
      cli.interruption.onCancel(() => stop.abort());
      await serve({
        root: root === undefined ? undefined : process.cwd(),
        allTools: tools === 'all',
        signal: stop.signal,
      });
    });
}
