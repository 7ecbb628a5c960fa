const mask = (1n << 64n) - 1n;

/**
 * SipHash-1-3 with a key of zeros over bytes, an unsigned 64-bit number. One round a word and three at the end, as in
 * https://www.aumasson.jp/siphash/siphash.pdf, which has two and four: it is what Rust's hasher of old used.
 */
export function sipHash13(bytes: Uint8Array): bigint {
  const state = initialState();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 8);
  for (let at = 0; at < whole; at += 8) absorb(state, view.getBigUint64(at, true));
  let last = BigInt(bytes.length & 0xff) << 56n;
  for (let at = whole; at < bytes.length; at += 1) last |= BigInt(bytes[at]!) << BigInt(8 * (at - whole));
  absorb(state, last);
  state.c ^= 0xffn;
  for (let round = 0; round < 3; round += 1) mix(state);
  return state.a ^ state.b ^ state.c ^ state.d;
}

interface State {
  a: bigint;
  b: bigint;
  c: bigint;
  d: bigint;
}

/** "somepseudorandomlygeneratedbytes", which a key of zeros leaves as it is. */
function initialState(): State {
  return { a: 0x736f6d6570736575n, b: 0x646f72616e646f6dn, c: 0x6c7967656e657261n, d: 0x7465646279746573n };
}

function absorb(state: State, word: bigint): void {
  state.d ^= word;
  mix(state);
  state.a ^= word;
}

function mix(state: State): void {
  state.a = (state.a + state.b) & mask;
  state.b = rotated(state.b, 13n) ^ state.a;
  state.a = rotated(state.a, 32n);
  state.c = (state.c + state.d) & mask;
  state.d = rotated(state.d, 16n) ^ state.c;
  state.a = (state.a + state.d) & mask;
  state.d = rotated(state.d, 21n) ^ state.a;
  state.c = (state.c + state.b) & mask;
  state.b = rotated(state.b, 17n) ^ state.c;
  state.c = rotated(state.c, 32n);
}

function rotated(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & mask;
}
