import { allCommands, type CommandModel, type OptionModel, type Values } from './model.ts';

/** The completion script for zsh: to be loaded behind `compinit`, or put as `_baton` into a folder of `fpath`. */
export function zshScript(program: CommandModel): string {
  const functions = allCommands(program).map(functionOf);
  return `#compdef baton
# zsh completion of baton. Load it with: source <(baton completion zsh)

__baton_ids() {
  local -a found
  local line
  for line in "\${(@f)$(baton __complete "$1" -- "$2" 2>/dev/null)}"; do
    [[ -n $line ]] || continue
    local id="\${line%%$'\\t'*}" title=""
    [[ $line == *$'\\t'* ]] && title="\${line#*$'\\t'}"
    found+=("\${id//:/\\\\:}:\${title}")
  done
  _describe -t "$1" "$1" found
}

${functions.join('\n\n')}

if [[ $funcstack[1] == _baton ]]; then _baton "$@"; else compdef _baton baton; fi
`;
}

function functionOf(command: CommandModel): string {
  const name = functionName(command);
  const options = command.options.map(optionSpec);
  if (command.commands.length > 0) {
    const commands = command.commands.map(({ path, description }) =>
      quote(`${path.at(-1)}:${description.replaceAll(':', '\\:')}`),
    );
    const branches = command.commands.map((child) => `        ${path(child)}) ${functionName(child)} ;;`);
    return `${name}() {
  local curcontext="$curcontext" state line
  local -a commands=(
    ${commands.join('\n    ')}
  )
  _arguments -C -s ${[...options, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${branches.join('\n')}
      esac
      ;;
  esac
}`;
  }
  const places = command.arguments.map(({ values, variadic }, index) =>
    quote(`${variadic ? '*' : index + 1}: :${actionOf(values)}`),
  );
  return `${name}() {
  _arguments -s ${[...options, ...places].join(' \\\n    ')}
}`;
}

function optionSpec({ flags, description, value }: OptionModel): string {
  const shown = description.replace(/[[\]]/g, '\\$&').replaceAll(':', '\\:');
  const all = flags.length > 1 ? `(${flags.join(' ')})` : '';
  const argument = value === undefined ? '' : `: :${actionOf(value)}`;
  const [only] = flags;
  const repeat = flags.length === 1 ? '*' : '';
  if (flags.length === 1) return quote(`${repeat}${only}[${shown}]${argument}`);
  return `${quote(all)}{${flags.join(',')}}${quote(`[${shown}]${argument}`)}`;
}

function actionOf(values: Values): string {
  if (values.kind === 'words') return `(${values.words.join(' ')})`;
  if (values.kind === 'files') return '_files';
  // Tasks are those of the list that stands before.
  return values.kind === 'ids' ? `{__baton_ids ${values.of} "\${words[2]}"}` : ' ';
}

function functionName({ path: words }: CommandModel): string {
  return ['_baton', ...words].join('_').replaceAll('-', '_');
}

function path({ path: words }: CommandModel): string {
  return words.at(-1) ?? '';
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
