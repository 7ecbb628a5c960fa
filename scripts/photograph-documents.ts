/**
 * Renames a column of the sample shop on a real server, renders the documents to HTML and photographs them into
 * docs/documents/, with one of each document that is had without a plan.
 * Usage: node --import tsx scripts/photograph-documents.ts [--keep FOLDER]
 */
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openCamera, photograph } from '../test/host/documents/photograph';
import { documentsPage, type Photographed } from '../test/host/documents/documents-page';
import { renameInTerminal } from '../test/host/documents/rename-documents';
import { renderDocument } from '../test/host/documents/render-document';
import { standaloneDocuments } from '../test/host/documents/standalone-documents';
import { copyShop, repository, temporaryFolder } from '../test/host/kit/folders';
import { startShopDatabase } from '../test/host/kit/shop-database';

const pictures = path.join(repository, 'docs', 'documents');
const ofThePlan = [
  'plan.md',
  'rollback.md',
  'checklist.md',
  'report.md',
  'retrospective.md',
  'scripts/README.md',
];

async function writeDocuments(workspace: string): Promise<Map<string, string>> {
  const database = await startShopDatabase();
  try {
    const planFolder = await renameInTerminal(workspace, database);
    const alone = await standaloneDocuments(workspace, database);
    return new Map([
      ...ofThePlan.map((name): [string, string] => [
        name.replace('/README', '').replace(/\.md$/, ''),
        path.join(planFolder, name),
      ]),
      ...alone.map((file): [string, string] => [`new-${path.basename(file, '.md')}`, file]),
    ]);
  } finally {
    await database.stop();
  }
}

async function photographAll(documents: Map<string, string>): Promise<Photographed[]> {
  const { provisionBrowser } = await import('./provision-host.mjs');
  const camera = await openCamera(await provisionBrowser());
  try {
    const taken: Photographed[] = [];
    for (const [name, file] of documents) {
      const html = renderDocument(await readFile(file, 'utf8'));
      const files = await photograph(camera, html, pictures, name);
      taken.push({ name, files });
      console.log(files.join(' '));
    }
    return taken;
  } finally {
    await camera.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'string' } } });
  const scratch = await temporaryFolder('documents');
  try {
    const workspace = await copyShop(scratch.folder, null);
    const documents = await writeDocuments(workspace);
    await rm(pictures, { recursive: true, force: true });
    const taken = await photographAll(documents);
    await writeFile(path.join(pictures, 'README.md'), documentsPage(taken));
    const sizes = await Promise.all(
      taken.flatMap(({ files }) => files.map(async (file) => (await stat(path.join(pictures, file))).size)),
    );
    console.log(
      `${sizes.length} pictures, ${(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1)} MB`,
    );
    if (values.keep) await cp(workspace, values.keep, { recursive: true });
  } finally {
    await scratch.remove();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
