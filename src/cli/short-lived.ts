import v8 from 'node:v8';

/** Of V8 11, which is Node 20; those after it wait longer by themselves, and count otherwise. */
const tunedMajor = '11';

/**
 * Tells V8 that this process lives for a second or two: most of what its optimising compilers make of the program
 * and of the SQL parser in that time is never used enough to pay, and takes a core of its own. What is really hot is
 * compiled a little later all the same.
 */
export function expectShortLife(version: string = process.versions.v8): void {
  if (version.split('.')[0] !== tunedMajor) return;
  v8.setFlagsFromString('--interrupt-budget=400000');
  v8.setFlagsFromString('--wasm-tiering-budget=20000000');
}
