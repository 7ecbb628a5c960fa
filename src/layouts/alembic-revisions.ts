import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { moduleStem } from './code/module-stem';
import { fileNames } from './file-names';
import type { FollowedMigration, Migration } from './layout';
import { addProblems, addTwins } from './migration-problems';

/** What a file says of its place among the revisions. */
interface Revision {
  id: string;
  file: string;
  /** Those it goes on from and those it depends on. */
  parents: string[];
  hasLabel: boolean;
  title: string;
}

/** Files read at once. */
const atOnce = 64;

/**
 * The revisions of a folder in an order in which Alembic can run them: each after those it goes on from, a line in one
 * piece. What does not fit together is told as problems.
 */
export async function alembicRevisions(folder: string, files: Files): Promise<Migration[]> {
  const names = fileNames(await files.list(folder)).filter((name) => moduleStem(name) !== null);
  const revisions = new Map<string, Revision>();
  const twins = new Map<string, string[]>();
  for (const revision of await readAll(folder, names, files)) {
    const first = revisions.get(revision.id);
    if (first) twins.set(first.id, [...(twins.get(first.id) ?? []), revision.file]);
    else revisions.set(revision.id, revision);
  }
  const graph = new Graph(revisions);
  const migrations = graph.inOrder().map((revision) => migrationOf(folder, revision, graph));
  for (const migration of migrations) {
    addTwins(
      migration,
      (twins.get(migration.version) ?? []).map((file) => ({
        path: path.join(folder, file),
        sentence: t(
          '{0} has the revision {1} of {2}. Delete one of them.',
          file,
          migration.version,
          path.basename(migration.upPath),
        ),
      })),
    );
    addProblems(migration, graph.problemsOf(revisions.get(migration.version)!));
  }
  return migrations;
}

async function readAll(folder: string, names: readonly string[], files: Files): Promise<Revision[]> {
  const found: Revision[] = [];
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce);
    const read = await Promise.all(
      // One that cannot be read is not listed: where it belongs is not known.
      some.map(async (name) => readRevision(name, await textOrNull(path.join(folder, name), files))),
    );
    found.push(...read.flatMap((revision) => revision ?? []));
  }
  return found;
}

function textOrNull(file: string, files: Files): Promise<string | null> {
  return files.readIfExists(file).catch(() => null);
}

/** What a file says of itself by the names that Alembic looks at; null for one that is no revision. */
export function readRevision(file: string, text: string | null): Revision | null {
  const [id] = text === null ? [] : textsOf(text, 'revision');
  if (text === null || id === undefined) return null;
  const parents = [...textsOf(text, 'down_revision'), ...textsOf(text, 'depends_on')];
  const stem = moduleStem(file) ?? file;
  const slug = stem.includes(`${id}_`) ? stem.slice(stem.indexOf(`${id}_`) + id.length + 1) : null;
  const title = slug ?? docstringTitle(text) ?? stem;
  return {
    id,
    file,
    parents: [...new Set(parents)],
    hasLabel: textsOf(text, 'branch_labels').length > 0,
    title,
  };
}

/** The first line with words of a docstring, without what closes it. */
function docstringTitle(text: string): string | null {
  const [, quotes, line] = /^[ \t]*[ru]?("""|''')\s*(\S.*)/im.exec(text) ?? [];
  if (quotes === undefined || line === undefined) return null;
  const end = line.indexOf(quotes, 1);
  return (end < 0 ? line : line.slice(0, end)).trimEnd();
}

const given = {
  revision: givenTo('revision'),
  down_revision: givenTo('down_revision'),
  depends_on: givenTo('depends_on'),
  branch_labels: givenTo('branch_labels'),
};

function givenTo(name: string): RegExp {
  return new RegExp(`^${name}[ \\t]*(?::[^=\\n]+)?=[ \\t]*(\\([^)]*\\)|\\[[^\\]]*\\]|[^\\n#]+)`, 'm');
}

/** The texts that a name of the module is given: one, a tuple or a list of them; none for `None`. */
function textsOf(text: string, name: keyof typeof given): string[] {
  const value = given[name].exec(text)?.[1] ?? 'None';
  if (value.trim() === 'None') return [];
  return [...value.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].map((match) => match[1] ?? match[2]!);
}

class Graph {
  private readonly children = new Map<string, string[]>();

  constructor(private readonly revisions: ReadonlyMap<string, Revision>) {
    for (const { id, parents } of revisions.values()) {
      for (const parent of parents) {
        const known = this.children.get(parent);
        if (known) known.push(id);
        else this.children.set(parent, [id]);
      }
    }
  }

  /** Each after its parents. Those in a circle come last. */
  inOrder(): Revision[] {
    const ordered: Revision[] = [];
    const missing = new Map<string, number>();
    for (const { id, parents } of this.revisions.values())
      missing.set(id, parents.filter((parent) => this.revisions.has(parent)).length);
    const open = [...this.revisions.values()].filter(({ id }) => missing.get(id) === 0).reverse();
    for (let revision = open.pop(); revision; revision = open.pop()) {
      ordered.push(revision);
      for (const child of [...(this.children.get(revision.id) ?? [])].reverse()) {
        const left = missing.get(child)! - 1;
        missing.set(child, left);
        if (left === 0) open.push(this.revisions.get(child)!);
      }
    }
    if (ordered.length === this.revisions.size) return ordered;
    const known = new Set(ordered);
    this.circle = [...this.revisions.values()].filter((revision) => !known.has(revision));
    return [...ordered, ...this.circle];
  }

  /** Those that come after themselves, and what comes after these. */
  private circle: Revision[] = [];

  /** What comes after a revision, near or far. */
  private after(id: string): Set<string> {
    const found = new Set<string>();
    const open = [...(this.children.get(id) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(...(this.children.get(next) ?? []));
    }
    return found;
  }

  /** Those a revision comes right after: a parent that another one comes after is none. */
  follows({ id, parents }: Revision): FollowedMigration[] {
    const alone = (
      parents.length < 2
        ? parents
        : parents.filter((parent) => {
            const behind = this.after(parent);
            return !parents.some((other) => other !== parent && behind.has(other));
          })
    ).filter((parent) => this.revisions.has(parent));
    return alone.map((version) => {
      if (this.children.get(version)!.length < 2) return { version, alsoBefore: [] };
      const own = this.after(id);
      const others = [...this.after(version)].filter((other) => other !== id && !own.has(other));
      return { version, alsoBefore: others };
    });
  }

  problemsOf(revision: Revision): string[] {
    const { id, file, parents } = revision;
    const problems = parents
      .filter((parent) => !this.revisions.has(parent))
      .map((parent) => t('{0} goes on from the revision {1}, which no file here has.', file, parent));
    if (this.circle.includes(revision)) problems.push(t('{0} goes on from itself by way of others.', file));
    const heads = this.heads();
    const isSplit = heads.length > 1 && heads[0] === id && !this.hasLabels();
    if (isSplit)
      problems.push(
        t(
          'Several revisions are the last one: {0}. Alembic refuses to go to "head" until "alembic merge heads" joins them.',
          heads.join(', '),
        ),
      );
    return problems;
  }

  private readonly known: { heads?: string[] } = {};

  private heads(): string[] {
    return (this.known.heads ??= [...this.revisions.keys()].filter((id) => !this.children.has(id)));
  }

  /** Branches with names of their own are meant to stay apart. */
  private hasLabels(): boolean {
    return [...this.revisions.values()].some(({ hasLabel }) => hasLabel);
  }
}

function migrationOf(folder: string, revision: Revision, graph: Graph): Migration {
  const upPath = path.join(folder, revision.file);
  return {
    version: revision.id,
    name: revision.title,
    folder,
    layout: 'alembic',
    upPath,
    downPath: upPath,
    isCode: true,
    follows: graph.follows(revision),
  };
}
