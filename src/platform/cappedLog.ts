import { constants, type FileHandle, open } from 'node:fs/promises';

/**
 * A log file that keeps the end of what is written to it: at twice the limit the older half is dropped, so that it never takes more
 * than that on the disk, and always holds at least the last `limitBytes`.
 */
export class CappedLog {
  readonly #path: string;
  readonly #limitBytes: number;
  #handle: FileHandle | undefined;
  #size = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, limitBytes = 10 * 1024 * 1024) {
    this.#path = path;
    this.#limitBytes = limitBytes;
  }

  /** Begins the log anew, or goes on with it. */
  async open(options: { readonly continues?: boolean } = {}): Promise<void> {
    // Not `a+`: Linux appends to such a file wherever it is told to write.
    const flags = constants.O_RDWR | constants.O_CREAT | (options.continues === true ? 0 : constants.O_TRUNC);
    this.#handle = await open(this.#path, flags, 0o600);
    this.#size = (await this.#handle.stat()).size;
  }

  /** Appends, in the order of the calls. A disk that is full costs the log, never the run: what does not fit is dropped. */
  append(bytes: Uint8Array): Promise<void> {
    this.#last = this.#last.then(() => this.#write(bytes)).catch(() => undefined);
    return this.#last;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) return;
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, this.#size);
      written += bytesWritten;
      this.#size += bytesWritten;
    }
    if (this.#size > 2 * this.#limitBytes) await this.#dropBeginning(handle);
  }

  async #dropBeginning(handle: FileHandle): Promise<void> {
    const kept = Buffer.alloc(this.#limitBytes);
    const { bytesRead } = await handle.read(kept, 0, kept.length, this.#size - kept.length);
    const note = Buffer.from('[… the beginning was dropped]\n');
    await handle.write(note, 0, note.length, 0);
    await handle.write(kept, 0, bytesRead, note.length);
    this.#size = note.length + bytesRead;
    await handle.truncate(this.#size);
  }
}
