import { readFile } from 'node:fs/promises';

/** What a run of tests writes as its last act. A file that is missing or short is a failure. */
export interface Results {
  complete: true;
  total: number;
  passed: number;
  failed: number;
  pending: number;
  failures: { title: string; message: string }[];
}

/** The results of a run in the host. Throws when the file is missing, incomplete or counts no test. */
export async function readResults(file: string, what: string): Promise<Results> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null)
    throw new Error(`${what} wrote no results: the extension host ended before its tests did.`);
  const results = JSON.parse(text) as Partial<Results>;
  if (results.complete !== true) throw new Error(`${what} wrote incomplete results.`);
  if (!results.total) throw new Error(`${what} ran no test.`);
  return results as Results;
}
