import { allCommands, type CommandModel, type OptionModel, type Values } from './model.ts';

/** The completion script for fish. */
export function fishScript(program: CommandModel): string {
  const commands = allCommands(program);
  const paths = commands.flatMap(({ path }) => (path.length === 0 ? [] : [quote(path.join(' '))]));
  const valued = commands.flatMap(({ path, options }) =>
    options
      .filter(({ value }) => value !== undefined)
      .flatMap(({ flags }) => flags.map((flag) => quote(`${path.join(' ')} ${flag}`))),
  );
  return `# fish completion of baton. Load it with: baton completion fish | source

# Prints the command that is being typed, then its arguments so far, each on a line.
function __baton_place
  set -l paths ${paths.join(' ')}
  set -l valued ${valued.join(' ')}
  set -l place ''
  set -l arguments
  set -l pending ''
  set -l ended ''
  for word in (commandline -opc)[2..-1]
    if test -n "$pending"
      set pending ''
    else if test -z "$ended" -a "$word" = --
      set ended yes
    else if test -z "$ended"; and string match -q -- '-*' $word
      contains -- "$place $word" $valued; and set pending yes
    else if test (count $arguments) -eq 0; and contains -- (string trim -- "$place $word") $paths
      set place (string trim -- "$place $word")
    else
      set -a arguments $word
    end
  end
  echo $place
  for argument in $arguments
    printf '%s\\n' $argument
  end
end

function __baton_at
  set -l place (__baton_place)
  test "$place[1]" = "$argv[1]"; or return 1
  test (count $argv) -lt 2; and return 0
  test "$argv[2]" = '*'; or test (math (count $place) - 1) -eq $argv[2]
end

function __baton_ids
  set -l place (__baton_place)
  baton __complete $argv[1] -- "$place[2]" 2>/dev/null
end

complete -c baton -f
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, options, arguments: places }: CommandModel): readonly string[] {
  const here = path.join(' ');
  return [
    ...commands.map(
      (child) =>
        `complete -c baton -n ${condition(here, '0')} -a ${quote(child.path.at(-1) ?? '')} -d ${quote(child.description)}`,
    ),
    ...options.map(
      (option) => `complete -c baton -n ${condition(here)} ${flagsOf(option)} -d ${quote(option.description)}`,
    ),
    ...places
      .map(({ values, variadic }, index) => ({ values, at: variadic ? '*' : String(index) }))
      .filter(({ values }) => values.kind !== 'text')
      .map(({ values, at }) => `complete -c baton -n ${condition(here, at)} ${valuesOf(values)}`),
  ];
}

function flagsOf({ flags, value }: OptionModel): string {
  const parts = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  if (value === undefined) return parts.join(' ');
  return [...parts, value.kind === 'text' ? '-x' : value.kind === 'files' ? '-rF' : `-x ${valuesOf(value)}`].join(' ');
}

function valuesOf(values: Values): string {
  if (values.kind === 'words') return `-a ${quote(values.words.join(' '))}`;
  if (values.kind === 'ids') return `-a ${quote(`(__baton_ids ${values.of})`)}`;
  return '-F';
}

function condition(place: string, at?: string): string {
  return quote(`__baton_at "${place}"${at === undefined ? '' : ` "${at}"`}`);
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
