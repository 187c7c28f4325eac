import { Argument, type Command } from 'commander';
import type { Cli } from '../cli.ts';
import type { CommandModel } from '../completion/model.ts';
import { declareVerb } from '../declareVerb.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** `baton completion SHELL` */
export function declareCompletion(program: Command, cli: Cli): void {
  declareVerb(program, {
    name: 'completion',
    summary: 'Print the completion script of a shell',
    details: 'Commands, options and the IDs of sessions, task lists and tasks. --json: shell, script.',
    examples: [
      ['eval "$(baton completion bash)"', 'in ~/.bashrc'],
      ['source <(baton completion zsh)', 'in ~/.zshrc, behind compinit'],
      ['baton completion fish | source', 'in ~/.config/fish/config.fish'],
    ],
  })
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .action((shell: Shell, _options: object, command: Command) =>
      cli.run(command, async () => {
        const { modelOf } = await import('../completion/model.ts');
        const script = await scriptOf[shell](modelOf(program));
        return { data: { shell, script }, print: (out) => out.raw(script) };
      }),
    );
}

const scriptOf: Readonly<Record<Shell, (model: CommandModel) => Promise<string>>> = {
  bash: async (model) => (await import('../completion/bash.ts')).bashScript(model),
  zsh: async (model) => (await import('../completion/zsh.ts')).zshScript(model),
  fish: async (model) => (await import('../completion/fish.ts')).fishScript(model),
};
