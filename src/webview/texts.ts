/** Gives the text of the interface for an English one; `{0}`, `{1}`, … in it are filled. Call it with a literal, so that a test can list all texts. */
export type Translate = (text: string, ...args: readonly (string | number)[]) => string;

/** Makes the function that looks texts up in `texts`, by their English form; what is absent stays English. */
export function createTranslate(texts: Readonly<Record<string, string>>): Translate {
  return (text, ...args) => {
    const found = Object.hasOwn(texts, text) ? (texts[text] ?? text) : text;
    if (args.length === 0) return found;
    return found.replace(/\{(\d+)\}/g, (whole, index: string) => {
      const arg = args[Number(index)];
      return arg === undefined ? whole : String(arg);
    });
  };
}

/** English texts, for a renderer that has no translations. */
export const english: Translate = createTranslate({});
