/**
 * Stands for `js-yaml` in the bundles. gray-matter loads that package for its default engine, which never runs here: our engine reads YAML
 * (grayMatterFrontmatter.ts). So 42 KB and a second parser, with types that make functions, stay out.
 */
function refuse(): never {
  throw new Error('gray-matter must not fall back on its own YAML engine');
}

export const safeLoad = refuse;
export const safeDump = refuse;
