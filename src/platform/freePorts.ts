import { createServer } from 'node:net';

const first = 41_000;
const last = 48_000;
const size = 10;

/** Finds ten ports in a row that nobody listens on and that no other session of this supervisor has; `taken` remembers their first. */
export async function findFreePorts(
  taken: Set<number>,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  for (let from = first; from + size <= last; from += size) {
    if (taken.has(from)) continue;
    if (!(await areFree(from))) continue;
    taken.add(from);
    return { from, to: from + size - 1 };
  }
  return undefined;
}

async function areFree(from: number): Promise<boolean> {
  for (let port = from; port < from + size; port++) if (!(await isFree(port))) return false;
  return true;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => done(true)));
  });
}
