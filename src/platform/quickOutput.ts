import { fstatSync, writeSync } from 'node:fs';
import process from 'node:process';

/** Where a quick read writes. */
export interface QuickOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * A stream of this process that is written to directly where it is a pipe or a file: making `process.stdout` loads what takes as long as
 * reading thousands of tasks. A reader that goes away (`| head`) ends the run quietly.
 */
export function quickOutput(descriptor: 1 | 2): QuickOutput {
  const stream = (): NodeJS.WriteStream => (descriptor === 1 ? process.stdout : process.stderr);
  return isPlain(descriptor) ? { write: (text) => writePlain(descriptor, text, stream) } : stream();
}

function isPlain(descriptor: number): boolean {
  try {
    const kind = fstatSync(descriptor);
    return kind.isFIFO() || kind.isFile();
  } catch {
    return false;
  }
}

function writePlain(descriptor: number, text: string, stream: () => NodeJS.WriteStream): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return;
      // Somebody made the pipe one that does not wait: the stream knows how to go on.
      if (code !== 'EAGAIN') throw error;
      stream().write(bytes.subarray(at));
      return;
    }
  }
}
