/** About four lines of a narrow side bar. */
const mostCharacters = 120;

/**
 * The part of a problem's message that says what is wrong, without its particulars: a view's message stands above its tree and takes the
 * room of it.
 */
export function briefly(message: string): string {
  const whole = message.replace(/\.$/, '');
  if (whole.length <= mostCharacters) return `${whole}.`;
  const start = whole.slice(0, mostCharacters);
  const clause = /^(.{20,}?)[.:;](?=\s)/su.exec(start)?.[1];
  return clause === undefined ? `${start.replace(/\s+\S*$/u, '')}…` : `${clause}.`;
}
