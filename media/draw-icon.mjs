/** Draws media/icon.png (256 x 256) without dependencies. Usage: node media/draw-icon.mjs */
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const size = 256;
const samples = 4;
const top = [31, 45, 61];
const bottom = [21, 92, 110];
const road = [255, 255, 255];

/** Distance from a point to a segment. */
function segment(x, y, ax, ay, bx, by) {
  const share = Math.max(
    0,
    Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)),
  );
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}

/** Distance to a half circle that opens to one side. */
function bend(x, y, cx, cy, radius, side) {
  if ((x - cx) * side >= 0) return Math.abs(Math.hypot(x - cx, y - cy) - radius);
  return Infinity;
}

function distanceToRoad(x, y) {
  return Math.min(
    segment(x, y, 58, 190, 168, 190),
    bend(x, y, 168, 158, 32, 1),
    segment(x, y, 168, 126, 88, 126),
    bend(x, y, 88, 94, 32, -1),
    segment(x, y, 88, 62, 194, 62),
    segment(x, y, 194, 62, 168, 36),
    segment(x, y, 194, 62, 168, 88),
  );
}

/** Distance to the edge of a rounded square; negative inside. */
function tile(x, y) {
  const radius = 52;
  const dx = Math.abs(x - size / 2) - (size / 2 - radius);
  const dy = Math.abs(y - size / 2) - (size / 2 - radius);
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

function pixel(px, py) {
  let red = 0;
  let green = 0;
  let blue = 0;
  let covered = 0;
  for (let index = 0; index < samples * samples; index += 1) {
    const x = px + ((index % samples) + 0.5) / samples;
    const y = py + (Math.floor(index / samples) + 0.5) / samples;
    if (tile(x, y) > 0) continue;
    const share = y / size;
    const color =
      distanceToRoad(x, y) <= 10
        ? road
        : top.map((value, channel) => value + (bottom[channel] - value) * share);
    red += color[0];
    green += color[1];
    blue += color[2];
    covered += 1;
  }
  if (covered === 0) return [0, 0, 0, 0];
  return [red / covered, green / covered, blue / covered, (255 * covered) / (samples * samples)].map(
    Math.round,
  );
}

const table = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = table[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(checksum(body));
  return Buffer.concat([length, body, crc]);
}

const raw = Buffer.alloc(size * (size * 4 + 1));
for (let y = 0; y < size; y += 1) {
  for (let x = 0; x < size; x += 1) raw.set(pixel(x, y), y * (size * 4 + 1) + 1 + x * 4);
}
const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 6, 0, 0, 0], 8);
const png = Buffer.concat([
  Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(raw, { level: 9 })),
  chunk('IEND', Buffer.alloc(0)),
]);
writeFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), 'icon.png'), png);
