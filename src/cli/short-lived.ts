import v8 from 'node:v8';

/** Of V8 11, which is Node 20; those after it wait longer by themselves, and count otherwise. */
const tunedMajor = '11';

/**
 * Tells V8 that this process lives for a second or two: most of what its optimising compilers make of the program
 * and of the SQL parser in that time is never used enough to pay, and takes a core of its own. What is really hot in
 * the program is compiled a little later all the same.
 */
export function expectShortLife(version: string = process.versions.v8): void {
  if (version.split('.')[0] !== tunedMajor) return;
  v8.setFlagsFromString('--interrupt-budget=400000');
  // The parser stays as the baseline compiler makes it: the optimising one starts with the first call.
  v8.setFlagsFromString('--no-wasm-tier-up');
  v8.setFlagsFromString('--no-wasm-dynamic-tiering');
  // From the first megabyte of new objects to room for sixteen at once: most of them are gone before it is full.
  v8.setFlagsFromString('--semi-space-growth-factor=16');
}
