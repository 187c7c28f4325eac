/**
 * Makes an animated PNG of screenshots. Each frame after the first holds only the rectangle that changed. Forms: the PNG specification,
 * third edition, chapters 5 (chunks), 9 (filters) and 11.3.6 (animation).
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Red, green and blue: screenshots have nothing to see through. */
const channels = 3;
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A picture's pixels, row by row, three bytes each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** One picture of a recording and how long it is shown. */
export interface Frame {
  readonly png: Buffer;
  readonly shownMs: number;
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Puts frames of one size together; the recording starts again when it has ended. Throws where sizes differ. */
export function assembleApng(frames: readonly Frame[]): Buffer {
  const pictures = frames.map(({ png, shownMs }) => ({ pixels: decodePng(png), shownMs }));
  const [first] = pictures;
  if (first === undefined) throw new Error('A recording has at least one frame');
  const { width, height } = first.pixels;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const control = Buffer.alloc(8);
  control.writeUInt32BE(pictures.length, 0);
  const parts = [signature, chunk('IHDR', header), chunk('acTL', control)];
  let before: Pixels | undefined;
  let sequence = 0;
  for (const { pixels, shownMs } of pictures) {
    if (pixels.width !== width || pixels.height !== height) throw new Error('The frames are not of one size');
    const area = before === undefined ? { x: 0, y: 0, width, height } : changedArea(before, pixels);
    parts.push(chunk('fcTL', frameControl(sequence++, area, shownMs)));
    const data = deflateSync(filterRows(pixels, area), { level: 9 });
    if (before === undefined) parts.push(chunk('IDAT', data));
    else parts.push(chunk('fdAT', Buffer.concat([uint32(sequence++), data])));
    before = pixels;
  }
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** Reads a PNG as browsers write it: eight bits, with or without transparency, not interlaced. Throws for another. */
export function decodePng(png: Buffer): Pixels {
  if (!png.subarray(0, 8).equals(signature)) throw new Error('This is no PNG');
  const compressed: Buffer[] = [];
  let header: Buffer = Buffer.alloc(13);
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = data;
    if (type === 'IDAT') compressed.push(data);
    at += length + 12;
  }
  const [depth, colour, , , interlaced] = header.subarray(8);
  if (depth !== 8 || (colour !== 2 && colour !== 6) || interlaced !== 0) throw new Error('This PNG is of another kind');
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const size = colour === 6 ? 4 : 3;
  const rows = unfilter(inflateSync(Buffer.concat(compressed)), width * size, height, size);
  const data = Buffer.alloc(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++)
    rows.copy(data, pixel * channels, pixel * size, pixel * size + 3);
  return { width, height, data };
}

/** The smallest rectangle that holds all changed pixels; one pixel where nothing changed. */
function changedArea(before: Pixels, after: Pixels): Rectangle {
  let [left, top, right, bottom] = [after.width, after.height, -1, -1];
  for (let y = 0; y < after.height; y++) {
    const start = y * after.width * channels;
    const end = start + after.width * channels;
    if (before.data.compare(after.data, start, end, start, end) === 0) continue;
    top = Math.min(top, y);
    bottom = y;
    for (let at = start; at < end; at++) {
      if (before.data[at] === after.data[at]) continue;
      const x = Math.floor((at - start) / channels);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
  }
  if (bottom < 0) return { x: 0, y: 0, width: 1, height: 1 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

function frameControl(sequence: number, { x, y, width, height }: Rectangle, shownMs: number): Buffer {
  const control = Buffer.alloc(26);
  for (const [index, value] of [sequence, width, height, x, y].entries()) control.writeUInt32BE(value, index * 4);
  control.writeUInt16BE(shownMs, 20);
  control.writeUInt16BE(1000, 22);
  return control;
}

/** Each row with the filter that leaves the smallest numbers: none, left or above. */
function filterRows({ width, data }: Pixels, area: Rectangle): Buffer {
  const length = area.width * channels;
  const rows: Buffer[] = [];
  let above: Buffer = Buffer.alloc(length);
  for (let y = area.y; y < area.y + area.height; y++) {
    const start = (y * width + area.x) * channels;
    const row = data.subarray(start, start + length);
    const left = Buffer.alloc(length);
    const up = Buffer.alloc(length);
    for (let at = 0; at < length; at++) {
      left[at] = (row[at] ?? 0) - (at < channels ? 0 : (row[at - channels] ?? 0));
      up[at] = (row[at] ?? 0) - (above[at] ?? 0);
    }
    const [best] = [row, left, up].map((bytes, filter) => ({ bytes, filter, weight: weigh(bytes) })).sort(byWeight);
    rows.push(Buffer.from([best?.filter ?? 0]), best?.bytes ?? row);
    above = row;
  }
  return Buffer.concat(rows);
}

const byWeight = (one: { readonly weight: number }, other: { readonly weight: number }): number =>
  one.weight - other.weight;

function weigh(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum += byte < 128 ? byte : 256 - byte;
  return sum;
}

function unfilter(filtered: Buffer, length: number, height: number, size: number): Buffer {
  const rows = Buffer.alloc(length * height);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (length + 1)] ?? 0;
    for (let x = 0; x < length; x++) {
      const at = y * length + x;
      const left = x < size ? 0 : (rows[at - size] ?? 0);
      const up = y === 0 ? 0 : (rows[at - length] ?? 0);
      const corner = x < size || y === 0 ? 0 : (rows[at - length - size] ?? 0);
      rows[at] = (filtered[y * (length + 1) + 1 + x] ?? 0) + predict(filter, left, up, corner);
    }
  }
  return rows;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return Math.floor((left + up) / 2);
  return filter === 4 ? paeth(left, up, corner) : 0;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
