const longestSlug = 48;

/** Makes a readable kebab-case ID of a title: `Migrate the DB schema!` → `migrate-the-db-schema`. Letters of all scripts stay. */
export function slugOf(title: string, otherwise = 'task'): string {
  const words = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .replace(/ß/g, 'ss')
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  let slug = '';
  for (const word of words) {
    const next = slug === '' ? word : `${slug}-${word}`;
    if (next.length > longestSlug) break;
    slug = next;
  }
  return slug === '' ? (words[0]?.slice(0, longestSlug) ?? otherwise) : slug;
}

/** The slug, with a number behind it where it is taken. */
export function freeSlug(slug: string, isTaken: (slug: string) => boolean): string {
  if (!isTaken(slug)) return slug;
  for (let number = 2; ; number++) if (!isTaken(`${slug}-${number}`)) return `${slug}-${number}`;
}
