/** `{PROJECT}` of a state file's name, in lower case: `docs/BARAKA_PROMPTS.md` → `baraka`; empty where the name says only what it is. */
export function stemOf(path: string): string {
  const name = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.[^.]*$/, '')
    .toLowerCase();
  return name
    .replace(/(?:^|[-_ .])(?:(?:implementation|session)[-_ .])?(?:prompts?|plan|progress|sessions?)$/, '')
    .replace(/[-_ .]+/g, '-');
}
