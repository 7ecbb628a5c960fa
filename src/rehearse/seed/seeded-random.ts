import { createHash } from 'node:crypto';

/** Numbers from 0 to below 1, the same ones each time for the same seed (xorshift, 32 bits). */
export function seededRandom(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
