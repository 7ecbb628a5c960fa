import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { connectEvaluator, type Evaluator } from './evaluator';
import { copyShop, temporaryFolder } from './folders';
import { hostPrograms, startHost, type HostOptions } from './host';
import { startShopDatabase, type ShopDatabase } from './shop-database';
import type { PageErrors } from './browser';
import { useWorkbench, type Workbench } from './workbench';

/** Everything a tour needs: hands, eyes in the host, eyes in the database. */
export interface Drive {
  workbench: Workbench;
  /** Reads in the extension host. */
  host: Evaluator;
  database: ShopDatabase;
  /** Absolute path of the workspace that is open, a copy of samples/shop. */
  workspace: string;
  errors: PageErrors;
  stop(): Promise<void>;
}

export interface DriveOptions extends Pick<HostOptions, 'settings' | 'restricted'> {
  /** The workspace's `.switchback/config.json`, instead of the sample's. */
  configuration?: Record<string, unknown>;
  /** Files of a second folder of the window, by their paths in it. */
  beside?: Record<string, string>;
}

/**
 * Opens VS Code on a copy of the sample shop, driven through its interface alone. No command API, evaluator
 * write or direct SQL may advance a tour; `host` and `database` only read.
 */
export async function startDrive({ configuration, beside, ...options }: DriveOptions = {}): Promise<Drive> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const scratch = await temporaryFolder('tour');
    stops.push(() => scratch.remove());
    const database = await startShopDatabase();
    stops.push(() => database.stop());
    const workspace = await copyShop(scratch.folder, database.url);
    if (configuration)
      await writeFile(
        path.join(workspace, '.switchback', 'config.json'),
        `${JSON.stringify(configuration, null, 2)}\n`,
      );
    const opened = beside ? await withFolderBeside(scratch.folder, workspace, beside) : workspace;
    const address = path.join(scratch.folder, 'evaluator.json');
    const running = await startHost(await hostPrograms(), {
      ...options,
      workspace: opened,
      testModule: 'dist-test/evaluator-entry.js',
      env: { SWITCHBACK_EVALUATOR: address },
    });
    stops.push(() => running.stop());
    const host = await connectEvaluator(address);
    stops.push(() => host.end());
    return {
      workbench: await useWorkbench(running.page),
      host,
      database,
      workspace,
      errors: running.errors,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Writes a second folder; the file that opens it beside the workspace. */
async function withFolderBeside(
  scratch: string,
  workspace: string,
  files: Record<string, string>,
): Promise<string> {
  const folder = path.join(scratch, 'beside');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const file = path.join(scratch, 'both.code-workspace');
  await writeFile(file, JSON.stringify({ folders: [{ path: workspace }, { path: folder }] }));
  return file;
}
