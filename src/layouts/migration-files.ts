/** Ends of the names of files that hold SQL, and of programs that may be migrations. */
const programs = ['ts', 'js', 'mts', 'cts', 'mjs', 'cjs', 'py', 'rb'];

/**
 * Every file that may be a migration by its place and name: SQL anywhere, programs in folders that are called so by
 * some tool.
 */
export const migrationGlob = `**/{*.sql,*[mM]igrat*/**/*.{${programs.join(',')}},versions/*.py,db/migrate/*.rb}`;

/** Programs of all kinds: editors watch no narrower pattern. */
export const programGlob = `**/*.{${programs.join(',')}}`;

/** Whether a program lies where `migrationGlob` looks for such; the path has `/`. */
export function isInMigrations(path: string): boolean {
  return /migrat.*\/|\/versions\/[^/]*\.py$/i.test(path);
}

/** Documents that editors ask about: what they are is told by their folder. */
export const documentGlob = `**/*.{sql,${programs.join(',')}}`;

const ending = new RegExp(`\\.(?:${programs.join('|')})$`, 'i');

/** Whether a file is SQL by its name. */
export function isSqlFile(file: string): boolean {
  return file.endsWith('.sql');
}

/** Whether a file is a program that may be a migration. */
export function isProgramFile(file: string): boolean {
  return ending.test(file) && !/\.d\.[cm]?ts$/i.test(file);
}
