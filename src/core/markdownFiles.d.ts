/** A markdown file that is built into the bundle as its text (scripts/lib/build.ts). */
declare module '*.md' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler gives the text.
  export default text;
}
