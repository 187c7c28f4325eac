/** A style sheet that is built into the bundle `report` as its text (scripts/lib/build.ts); the dashboard's bundle only names it. */
declare module '*.css' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: this is how the bundler gives the text.
  export default text;
}
