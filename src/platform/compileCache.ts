import Module from 'node:module';
import { userCacheFolder } from './userFolders.ts';

/** `module.enableCompileCache` is there from Node 22.1 on; see its documentation for what it answers. */
interface CachingModule {
  enableCompileCache?(folder: string): unknown;
}

/**
 * Lets Node keep the compiled form of what is loaded from now on in the user's cache folder, where its version can. Compiling takes as long
 * as most commands. A folder that cannot be written is nobody's concern: Node then compiles as ever.
 */
export function keepCompiledCode(): void {
  (Module as CachingModule).enableCompileCache?.(userCacheFolder());
}
