import path from 'node:path';
import type { JourneyContext } from '../../journey/workspace';

/** What the workspace answers by itself; each is only a default that the user may overwrite. */
export interface WorkspaceDefaults {
  /** From package.json, go.mod or the folder's name. */
  project: string;
  /** The name git commits with here, else the user of this machine. */
  person: string;
  /** Today in UTC: `2026-03-04`. */
  today: string;
  /** How the project says it is released; null where nothing says it. */
  releaseCommand: string | null;
}

/** Reads the defaults; nothing of the workspace is run, and what cannot be read is left out. */
export async function readWorkspaceDefaults(context: JourneyContext): Promise<WorkspaceDefaults> {
  const { personName } = await import('../../journey/person');
  const { root } = context.workspace;
  const manifest = packageJson(await context.files.readIfExists(path.join(root, 'package.json')));
  const goModule = await context.files.readIfExists(path.join(root, 'go.mod'));
  return {
    project: manifest.name ?? moduleName(goModule) ?? path.basename(root),
    person: await personName(root),
    today: context.clock.now().toISOString().slice(0, 10),
    releaseCommand: manifest.releaseCommand,
  };
}

/** Scripts that release, the most telling name first. */
const releaseScripts = ['deploy', 'release', 'publish'];

function packageJson(text: string | null): { name: string | null; releaseCommand: string | null } {
  const nothing = { name: null, releaseCommand: null };
  if (text === null) return nothing;
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null) return nothing;
    const { name, scripts } = manifest as { name?: unknown; scripts?: unknown };
    const known = typeof scripts === 'object' && scripts !== null ? scripts : {};
    const script = releaseScripts.find((item) => Object.hasOwn(known, item));
    return {
      // `@scope/name` is called name by its people.
      name: typeof name === 'string' && name.trim() !== '' ? name.trim().split('/').at(-1)! : null,
      releaseCommand: script === undefined ? null : `npm run ${script}`,
    };
  } catch {
    // A manifest that is being written gives no default; the folder's name does.
    return nothing;
  }
}

/** `module example.org/shop/v2` is called shop. */
function moduleName(text: string | null): string | null {
  const module = text === null ? undefined : /^module\s+"?([^\s"]+)/m.exec(text)?.[1];
  const parts = module?.split('/').filter((part) => !/^v\d+$/.test(part));
  return parts?.at(-1) ?? null;
}
