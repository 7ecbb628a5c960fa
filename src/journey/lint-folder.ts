import path from 'node:path';
import { readHistory } from '../layouts/read-history';
import type { Migration, MigrationScript } from '../layouts/layout';
import type { FixTarget, OtherScript } from '../safety/fix-proposal';
import { applyToKnownSchema } from '../safety/known-schema-fold';
import { cloneKnownSchema, emptyKnownSchema, type KnownSchema } from '../safety/known-schema';
import type { ParsedSql } from '../sql/statement';
import { fixTarget, otherScript } from './fix-target';
import type { FolderCatalog } from './lint-catalog';
import { keep, memoryKey, recall } from './lint-memory';
import {
  lintScriptFile,
  parsedKey,
  parseOnce,
  readScript,
  type LintRun,
  type ReadScript,
} from './lint-script';
import { downProblems, upProblems } from './file-findings';
import { sealFixes } from './seal-fixes';
import type { MigrationFolder } from './migrations';
import type { LintedFile } from './outcomes';

/** More migrations than this are parsed in a thread of their own: the editor's must not stand still. */
const mostParsedHere = 200;
/** The schema before a migration is kept for a few files that are worked on, not for each of a whole history. */
const mostSchemasKept = 8;

/** Lints the wanted files of a folder, each with the schema that the migrations before it add up to. */
export async function lintFolder(
  run: LintRun,
  folder: MigrationFolder,
  wanted: ReadonlySet<string>,
  catalog: FolderCatalog | null,
): Promise<LintedFile[]> {
  const isWanted = ({ upPath, downPath }: Migration): boolean =>
    wanted.has(upPath) || wanted.has(downPath ?? '');
  const last = folder.migrations.findLastIndex(isWanted);
  if (last < 0) return [];
  const migrations = folder.migrations.slice(0, last + 1);
  const ups = await Promise.all(migrations.map((each) => readScript(run.context, each, 'up')));
  const few = run.isKept && migrations.filter(isWanted).length <= mostSchemasKept;
  const walk = new SchemaWalk(run, folder, ups, catalog, few);
  await walk.parseAhead(migrations.findIndex(isWanted));
  const names = run.isKept ? memoryKey(...folder.migrations.map((each) => each.upPath)) : '';
  const othersGoBack = await goesBack(run, folder);
  const linted: LintedFile[] = [];
  for (const [index, migration] of migrations.entries()) {
    if (!isWanted(migration)) continue;
    run.context.signal.throwIfAborted();
    const up = ups[index]!;
    const down = migration.downPath === null ? null : await readScript(run.context, migration, 'down');
    const scripts = { migration, up: up.script, down: down?.script ?? null, othersGoBack };
    if (wanted.has(up.path)) {
      const target = withOther(fixTarget(folder, up.path, run.context.clock.now(), null), () =>
        otherOf(run, down),
      );
      const key = run.isKept ? memoryKey(walk.key(index), names, down?.hash ?? '') : null;
      const ofFile = upProblems(scripts);
      const file = await lintScriptFile(run, up, { schema: () => walk.through(index), key, target, ofFile });
      linted.push(await sealFixes(file, folder.layout, run.context.files));
    }
    if (down && wanted.has(down.path)) {
      const target = fixTarget(folder, down.path, run.context.clock.now(), null);
      const key = run.isKept ? memoryKey(walk.key(index + 1), names) : null;
      const schema = async () => ({ known: await walk.before(index + 1), ours: false });
      const ofFile = downProblems(scripts, () => parsedOf(run, up));
      linted.push(await lintScriptFile(run, down, { schema, key, target, ofFile }));
    }
  }
  return linted;
}

/** A migration's script as it is parsed, and the schema it meets; not to be changed. */
export interface ScriptInPlace {
  script: MigrationScript;
  schema: KnownSchema;
}

/**
 * The up script of a file that holds a place of it (UTF-16 offset), with the schema that the migrations before it add
 * up to; null where none does.
 */
export async function upScriptAt(
  run: LintRun,
  folder: MigrationFolder,
  place: { file: string; offset: number },
  catalog: FolderCatalog | null,
): Promise<ScriptInPlace | null> {
  const { migrations } = folder;
  const ups = await Promise.all(migrations.map((each) => readScript(run.context, each, 'up')));
  const index = migrations.findLastIndex(
    ({ upPath }, at) => upPath === place.file && (ups[at]!.script?.offset ?? Infinity) <= place.offset,
  );
  const script = ups[index]?.script;
  if (!script) return null;
  const walk = new SchemaWalk(run, folder, ups, catalog, run.isKept);
  await walk.parseAhead(index);
  return { script, schema: await walk.before(index) };
}

/** Whether any migration of a folder has a way back. */
async function goesBack({ context }: LintRun, { migrations }: MigrationFolder): Promise<boolean> {
  if (migrations.some(({ upPath, downPath }) => downPath !== null && downPath !== upPath)) return true;
  for (const migration of migrations) {
    if (migration.downPath === null) continue;
    if ((await readScript(context, migration, 'down')).script) return true;
  }
  return false;
}

function parsedOf(run: LintRun, { script }: ReadScript): ParsedSql | null {
  return script && parseOnce(run, script, true);
}

/** The other direction is parsed when a fix asks for it: most scripts have none that does. */
function withOther(target: FixTarget, read: () => OtherScript | null): FixTarget {
  let other: OtherScript | null | undefined;
  return {
    ...target,
    get other() {
      return (other ??= read());
    },
  };
}

/** The down of a migration, for fixes that move a statement with what undoes it. */
function otherOf(run: LintRun, down: ReadScript | null): OtherScript | null {
  if (!down?.script) return null;
  return otherScript(down.script, parseOnce(run, down.script, true), down.fileText ?? down.script.sql);
}

/** The schema before each migration of a folder, taken in order; it starts from the nearest one in memory. */
class SchemaWalk {
  private index = 0;
  private schema: KnownSchema = emptyKnownSchema();
  /** Whether somebody else holds `schema`, so that it must not be changed. */
  private shared = false;
  /** Whether the last migration was applied as a script of our own, which nobody else sees the tables of. */
  private unsettled = false;
  private readonly keys: string[];

  constructor(
    private readonly run: LintRun,
    private readonly folder: MigrationFolder,
    private readonly ups: readonly ReadScript[],
    private readonly catalog: FolderCatalog | null,
    private readonly keepSchemas: boolean,
  ) {
    // Where nobody will ask the memory again, nothing is looked for in it.
    if (!run.isKept) {
      this.keys = Array<string>(ups.length + 1).fill('');
      return;
    }
    let key = memoryKey('start', folder.layout);
    this.keys = ups.map((up, index) => {
      if (index === catalog?.firstPending) key = memoryKey('catalog', catalog.id);
      const before = key;
      key = memoryKey(before, up.hash, ...(this.isBaseline(index) ? ['baseline'] : []));
      return before;
    });
    this.keys.push(key);
  }

  /** Stands for all that decides the schema before a migration. */
  key(index: number): string {
    return this.keys[index]!;
  }

  /** The schema before a migration, for a caller that applies this migration to it where it is `ours`. */
  async through(index: number): Promise<{ known: KnownSchema; ours: boolean }> {
    const known = await this.before(index);
    if (this.isBaseline(index) || this.keepSchemas || this.ups[index]?.script?.sql === undefined)
      return { known, ours: false };
    this.schema = this.shared ? cloneKnownSchema(known) : known;
    this.shared = false;
    this.index = index + 1;
    this.unsettled = true;
    return { known: this.schema, ours: true };
  }

  /** The schema before a migration; not to be changed. Never asked for one before the last. */
  async before(index: number): Promise<KnownSchema> {
    this.settle();
    await this.jumpTowards(index);
    // A baseline stands for all before it. On a database with a history its tool passes it over.
    if (this.isBaseline(index)) return emptyKnownSchema();
    for (; this.index < index; this.index += 1) {
      const { script } = this.ups[this.index]!;
      if (!script) continue;
      if (this.isBaseline(this.index)) {
        if (this.schema.source !== 'static') continue;
        this.schema = emptyKnownSchema();
        this.shared = false;
      }
      if (this.shared) this.schema = cloneKnownSchema(this.schema);
      this.shared = false;
      for (const statement of parseOnce(this.run, script, true).statements)
        applyToKnownSchema(this.schema, statement);
    }
    if (this.keepSchemas) {
      keep(this.run.memory.schemas, this.key(index), this.schema, 1 + this.schema.relations.size);
      this.shared = true;
    }
    return this.schema;
  }

  private isBaseline(index: number): boolean {
    return this.folder.migrations[index]?.kind === 'baseline';
  }

  private settle(): void {
    if (this.unsettled) {
      for (const relation of this.schema.relations.values()) {
        relation.fresh = false;
        for (const index of relation.indexes) index.fresh = false;
      }
    }
    this.unsettled = false;
  }

  /** To the nearest schema that is known; the catalog's takes the place of the folded one from the first pending on. */
  private async jumpTowards(index: number): Promise<void> {
    for (let place = index; place > this.index; place -= 1) {
      const known = recall(this.run.memory.schemas, this.key(place));
      if (!known) continue;
      this.jumpTo(place, known);
      break;
    }
    const first = this.catalog?.firstPending ?? Infinity;
    if (this.schema.source === 'static' && first >= this.index && first <= index)
      this.jumpTo(first, await this.catalog!.schema());
  }

  private jumpTo(index: number, schema: KnownSchema): void {
    this.index = index;
    this.schema = schema;
    this.shared = true;
  }

  /** Parses in a thread of its own what a long history has before the first file that is wanted. */
  async parseAhead(first: number): Promise<void> {
    const { context, memory, parsed } = this.run;
    const kept = this.keys.slice(0, first + 1).findLastIndex((key) => memory.schemas.entries.has(key));
    const from = Math.max(kept, this.catalog && this.catalog.firstPending <= first ? first : 0, 0);
    const missing = this.ups
      .slice(from, Math.max(first, from))
      .filter(({ script }) => script && !memory.parsed.entries.has(parsedKey(this.run, script)));
    if (missing.length <= mostParsedHere) return;
    const history = await readHistory(
      { layout: this.folder.layout, folder: this.folder.folder },
      {
        workerFile: path.join(context.workspace.assets.dist, 'history-worker.js'),
        signal: context.signal,
      },
    );
    for (const { up } of history) if (up) parsed.set(parsedKey(this.run, up.script), up.parsed);
  }
}
