import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

/** The data folder of an empty database, which each database begins as: initdb takes two seconds, reading it a tenth of one. */
export interface Template {
  tar: Buffer;
  /** Of its file's bytes: another file is another database. */
  digest: string;
}

/** Made once, when the extension is built. */
const templateName = 'pglite-template.tar.br';

/** The template that lies beside the program; null where there is none or it is damaged. */
export async function readTemplate(folder: string): Promise<Template | null> {
  try {
    const bytes = await readFile(path.join(folder, templateName));
    const tar = await promisify(brotliDecompress)(bytes);
    return { tar, digest: createHash('sha256').update(bytes).digest('hex') };
  } catch {
    return null;
  }
}

/** Writes what `readTemplate` reads: 1 MB instead of 30. */
export async function writeTemplate(folder: string, tar: Buffer): Promise<void> {
  const bytes = await promisify(brotliCompress)(tar, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  await writeFile(path.join(folder, templateName), bytes);
}
