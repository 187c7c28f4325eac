import type { Command } from 'commander';
import type { Cli } from '../../cli.ts';
import { declarePlanCreate } from './create.ts';

/** `baton plan …` */
export function declarePlan(program: Command, cli: Cli): void {
  const plan = program
    .command('plan')
    .summary('Make a plan')
    .description('Make a plan: a markdown file that defines sessions, with its progress file.');
  declarePlanCreate(plan, cli);
  plan.helpCommand('help [command]', 'Show the help of a command');
}
