/** Reads names that are divided by commas; the empty text names none. */
export function toNames(value: string): readonly string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !/^(?:none|-|—)$/i.test(name));
}
