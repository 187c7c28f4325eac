/** The folder that an entry of a scope is in, as far as it is fixed: `src/a` of `src/a/*.ts` and of `src/a/b.ts`; `''`: the root. */
export function stemOf(entry: string): string {
  const [fixed = ''] = entry.replace(/^(?:\.\/)+/, '').split(/[*?{[]/, 1);
  return fixed.slice(0, Math.max(0, fixed.lastIndexOf('/')));
}
