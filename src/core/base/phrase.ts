/** A text in the form that can be translated: `There is no session {0}` with what stands in its places. */
export interface Phrase {
  readonly template: string;
  readonly values: readonly string[];
}

/** As many as are shown in one go by far; a text that was forgotten is shown in English. */
const maximumRemembered = 2_000;

const remembered = new Map<string, Phrase>();

/**
 * Makes a text that people read: the plain English string, of which `templateOf` tells how it was made, so that a host can say it in
 * another language. Texts may be values of texts.
 */
export function phrase(strings: TemplateStringsArray, ...values: readonly unknown[]): string {
  const shown = values.map(String);
  const message = strings.reduce((whole, part, at) => whole + shown[at - 1] + part);
  remembered.delete(message);
  remembered.set(message, {
    template: strings.reduce((whole, part, at) => `${whole}{${at - 1}}${part}`),
    values: shown,
  });
  if (remembered.size > maximumRemembered) {
    for (const oldest of remembered.keys()) {
      remembered.delete(oldest);
      break;
    }
  }
  return message;
}

/** The form of a text that `phrase` made not too long ago. */
export function templateOf(message: string): Phrase | undefined {
  return remembered.get(message);
}
