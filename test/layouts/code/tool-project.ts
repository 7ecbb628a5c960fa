import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Session } from '../../../src/database/session';
import { codeFiller } from '../../../src/implement/scaffold/code-filler';
import type { Direction, Layout, Migration } from '../../../src/layouts/layout';
import type { ToolCommand } from '../../../src/layouts/layout-tool';
import { nodeFiles } from '../../../src/ports/node-files';
import { testServer, testSession, type TestDatabase } from '../../support/servers';

const repository = path.resolve(__dirname, '..', '..', '..');

/** A project on disk with the packages of this one, whose tool works on a database. */
export interface ToolProject {
  root: string;
  migrations: string;
  /** Runs a command as the product would; gives what it printed. Throws with that where it fails. */
  run(command: ToolCommand): Promise<string>;
  remove(): Promise<void>;
}

/** `texts` by path with `/`; `migrations` is the folder of migrations among them. */
export async function toolProject(
  database: TestDatabase,
  migrations: string,
  texts: Record<string, string>,
): Promise<ToolProject> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-project-'));
  await symlink(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
  for (const [name, text] of Object.entries(texts)) {
    const file = path.join(root, ...name.split('/'));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await mkdir(path.join(root, migrations), { recursive: true });
  return {
    root,
    migrations: path.join(root, migrations),
    run: async (command) => {
      const { program, args } = await withoutNpx(command);
      return runProgram(program, args, command.folder, environmentOf(database));
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** npx takes a second to find what lies here; a test calls the tool often. */
async function withoutNpx({ program, args }: ToolCommand): Promise<Pick<ToolCommand, 'program' | 'args'>> {
  const [option, name, ...others] = args;
  if (program !== 'npx' || option !== '--no-install') return { program, args };
  const file = await realpath(path.join(repository, 'node_modules', '.bin', name!));
  return { program: process.execPath, args: [file, ...others] };
}

function environmentOf({ connection, password }: TestDatabase): Record<string, string> {
  const { host, port, user, database } = connection;
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    DATABASE_URL: `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`,
  };
}

async function runProgram(
  program: string,
  args: readonly string[],
  folder: string,
  environment: Record<string, string>,
): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], {
      cwd: folder,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...environment },
      timeout: 60_000,
    });
    return stdout + stderr;
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`, { cause });
  }
}

/** A project whose tests share it, with its database and a session to look at that. */
export interface OpenProject {
  project: ToolProject;
  database: TestDatabase;
  session: Session;
}

/** Gives the tests of a `describe` a project on PostgreSQL 18; it and its database end with them. */
export function beforeInProject(
  migrations: string,
  texts: Record<string, string>,
  use: (opened: OpenProject) => void,
): void {
  let opened: Partial<OpenProject> = {};
  before(async () => {
    opened.database = await (await testServer({ major: 18 })).createDatabase();
    opened.session = await testSession(opened.database);
    opened.project = await toolProject(opened.database, migrations, texts);
    use(opened as OpenProject);
  });
  after(async () => {
    await opened.session?.close();
    await opened.project?.remove();
    await opened.database?.drop();
    opened = {};
  });
}

/** A new migration written into the project by the layout, as the product does. */
export async function writeMigration(
  layout: Layout,
  project: ToolProject,
  {
    name,
    up,
    down,
    transactional = true,
  }: { name: string; up: string; down: string | null; transactional?: boolean },
): Promise<string> {
  const files = nodeFiles();
  const existing = await layout.list(project.migrations, files);
  const templates = { shipped: path.join(repository, 'templates'), override: null };
  const fill = await codeFiller(layout, project.migrations, files, templates);
  const request = { folder: project.migrations, name, up, down, transactional, now: new Date(), fill };
  const composed = layout.compose(request, existing);
  for (const { path: file, text } of composed) await files.write(file, text);
  return composed[0]!.path;
}

/** Calls the tool for one migration, as the product does. */
export async function runTool(
  layout: Layout,
  project: ToolProject,
  migration: Migration,
  direction: Direction,
): Promise<string> {
  return project.run(await layout.tool!.run!.command(migration, direction, nodeFiles()));
}

/** The versions that the tool's history has, in its order. */
export async function appliedVersions(layout: Layout, session: Session): Promise<string[]> {
  const history = await layout.history('migrations', session);
  return history.applied.map(({ version }) => version);
}

/** Types of programs, checked with the project's own compiler settings for modules; what is wrong, as text. */
export async function typeProblems(project: ToolProject, ...files: string[]): Promise<string[]> {
  const ts = (await import('typescript')).default;
  const program = ts.createProgram(files, {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    allowJs: true,
    checkJs: files.some((file) => file.endsWith('js')),
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    typeRoots: [],
    preserveSymlinks: false,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** The text of a file of the project. */
export function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8');
}
