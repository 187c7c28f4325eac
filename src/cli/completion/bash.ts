import { allCommands, type CommandModel, type Values } from './model.ts';

/** The completion script for bash 3.2 and newer; needs no bash-completion package. */
export function bashScript(program: CommandModel): string {
  const commands = allCommands(program);
  return `# bash completion of baton. Load it with: eval "$(baton completion bash)"

_baton_follows() {
  case "$1" in
${commands
  .flatMap((command) =>
    cases(
      command.commands.map(({ path }) => path.join(' ')),
      'return 0',
    ),
  )
  .join('\n')}
  esac
  return 1
}

_baton_value_of() {
  case "$1" in
${commands.flatMap(optionCases).join('\n')}
  esac
}

_baton_values() {
  case "$1" in
${commands.flatMap(argumentCases).join('\n')}
  esac
}

_baton_words() {
  case "$1" in
${commands.map(({ path, commands: below }) => `    ${quote(path.join(' '))}) echo ${quote(below.map(nameOf).join(' '))} ;;`).join('\n')}
  esac
}

_baton_options() {
  case "$1" in
${commands.map(({ path, options }) => `    ${quote(path.join(' '))}) echo ${quote(options.flatMap(({ flags }) => flags).join(' '))} ;;`).join('\n')}
  esac
}

_baton() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" word="" pending="" values="" ended="" first="" count=0 i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n $pending ]]; then pending=""; continue; fi
    if [[ -z $ended && $word == -- ]]; then ended=1; continue; fi
    if [[ -z $ended && $word == -* ]]; then
      pending="$(_baton_value_of "$path $word")"
      continue
    fi
    if [[ $count -eq 0 ]] && _baton_follows "\${path:+$path }$word"; then path="\${path:+$path }$word"; continue; fi
    if [[ $count -eq 0 ]]; then first="$word"; fi
    count=$((count + 1))
  done
  if [[ -n $pending ]]; then values="$pending"
  elif [[ -z $ended && $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$(_baton_options "$path")" -- "$cur"))
    return
  else
    values="$(_baton_words "$path")"
    if [[ -n $values ]]; then values="words $values"; else values="$(_baton_values "$path:$count")"; fi
  fi
  local IFS=$'\\n'
  case "$values" in
    "words "*) IFS=' ' ; COMPREPLY=($(compgen -W "\${values#words }" -- "$cur")) ;;
    "ids "*)
      COMPREPLY=($(compgen -W "$(baton __complete "\${values#ids }" -- "$first" 2>/dev/null | cut -f1)" -- "$cur"))
      ;;
    files)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$cur"))
      ;;
  esac
}

complete -F _baton baton
`;
}

function optionCases({ path, options }: CommandModel): readonly string[] {
  return options.flatMap(({ flags, value }) =>
    value === undefined
      ? []
      : cases(
          flags.map((flag) => `${path.join(' ')} ${flag}`),
          `echo ${quote(describe(value))}`,
        ),
  );
}

function argumentCases({ path, arguments: places }: CommandModel): readonly string[] {
  return places.map(({ values, variadic }, index) => {
    const at = variadic ? '*' : String(index);
    return `    ${quote(`${path.join(' ')}:`)}${at}) echo ${quote(describe(values))} ;;`;
  });
}

/** What the script knows of a place: `words a b`, `ids sessions`, `files` or `text`. */
function describe(values: Values): string {
  if (values.kind === 'words') return `words ${values.words.join(' ')}`;
  return values.kind === 'ids' ? `ids ${values.of}` : values.kind;
}

function cases(patterns: readonly string[], what: string): readonly string[] {
  return patterns.length === 0 ? [] : [`    ${patterns.map(quote).join('|')}) ${what} ;;`];
}

function nameOf({ path }: CommandModel): string {
  return path.at(-1) ?? '';
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
