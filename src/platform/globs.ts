// biome-ignore lint/performance/noBarrelFile: importers move to core/base/glob.ts.
export { compileGlob, type Glob, isSkippedFolder } from '../core/base/glob.ts';
