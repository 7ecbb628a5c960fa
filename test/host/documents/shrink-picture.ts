import { constants, deflateSync, inflateSync, crc32 } from 'node:zlib';

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/**
 * A PNG of at most 256 colours in place of one with all of them: a photograph of text is a third of its size then.
 * Takes 8-bit RGB or RGBA without interlacing, as browsers write it. https://www.w3.org/TR/png-3/
 */
export function shrinkPicture(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const palette = paletteOf(pixels);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = indexOf(pixels[y * width + x]!, palette, nearest);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk(
      'PLTE',
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9, strategy: constants.Z_DEFAULT_STRATEGY })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colours seen most often; one that is no grey counts for more, for a grey is easily replaced by the next one. */
function paletteOf(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  for (const [colour, count] of counts) if (isVivid(colour)) counts.set(colour, count * 100);
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 256)
    .map(([colour]) => colour);
}

function isVivid(colour: number): boolean {
  const channels = [colour >> 16, (colour >> 8) & 255, colour & 255];
  return Math.max(...channels) - Math.min(...channels) > 48;
}

function indexOf(colour: number, palette: readonly number[], nearest: Map<number, number>): number {
  const known = nearest.get(colour);
  if (known !== undefined) return known;
  let best = 0;
  let least = Infinity;
  palette.forEach((candidate, index) => {
    const far =
      Math.abs((candidate >> 16) - (colour >> 16)) +
      Math.abs(((candidate >> 8) & 255) - ((colour >> 8) & 255)) +
      Math.abs((candidate & 255) - (colour & 255));
    if (far < least) [best, least] = [index, far];
  });
  nearest.set(colour, best);
  return best;
}

function decode(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const parts: Buffer[] = [];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const [width, height, depth, kind, interlaced] = [
    png.readUInt32BE(16),
    png.readUInt32BE(20),
    png[24]!,
    png[25]!,
    png[28]!,
  ];
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlaced !== 0)
    throw new Error(`The picture has depth ${depth}, colour type ${kind}, interlacing ${interlaced}.`);
  const size = kind === 2 ? 3 : 4;
  const bytes = unfilter(inflateSync(Buffer.concat(parts)), width * size, height, size);
  const pixels = new Uint32Array(width * height);
  for (let index = 0; index < pixels.length; index += 1) {
    const at = index * size;
    pixels[index] = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  }
  return { width, height, pixels };
}

function unfilter(data: Buffer, rowSize: number, height: number, size: number): Buffer {
  const out = Buffer.alloc(rowSize * height);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (rowSize + 1)]!;
    for (let x = 0; x < rowSize; x += 1) {
      const left = x >= size ? out[y * rowSize + x - size]! : 0;
      const up = y > 0 ? out[(y - 1) * rowSize + x]! : 0;
      const corner = x >= size && y > 0 ? out[(y - 1) * rowSize + x - size]! : 0;
      out[y * rowSize + x] = data[y * (rowSize + 1) + 1 + x]! + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new Error(`The picture has a row with filter ${filter}.`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [left, up, corner].map((value) => Math.abs(guess - value)) as [
    number,
    number,
    number,
  ];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
