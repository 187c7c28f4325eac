/** A line that is longer is passed on in parts: no agent can make us hold more than this. */
const longestLine = 1024 * 1024;

/** Cuts a stream of bytes into lines, whatever the chunks are. */
export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8');
  #rest = '';

  /** The lines that are complete with this chunk. */
  push(chunk: Uint8Array): readonly string[] {
    return this.#take(this.#decoder.decode(chunk, { stream: true }));
  }

  /** What is left at the end of the stream. */
  end(): readonly string[] {
    const lines = this.#take(this.#decoder.decode());
    const last = this.#rest;
    this.#rest = '';
    return last === '' ? lines : [...lines, last];
  }

  #take(text: string): readonly string[] {
    const parts = (this.#rest + text).split(/\r?\n/);
    this.#rest = parts.pop() ?? '';
    while (this.#rest.length > longestLine) {
      parts.push(this.#rest.slice(0, longestLine));
      this.#rest = this.#rest.slice(longestLine);
    }
    return parts;
  }
}
