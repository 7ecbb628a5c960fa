import { createHash } from 'node:crypto';
import type { Files } from '../ports/files';
import type { WorkRates } from '../safety/forecast/work-rates';
import type { KnownSchema } from '../safety/known-schema';
import type { ParsedSql } from '../sql/statement';
import type { Database } from './database';
import type { MigrationFolder } from './migrations';
import type { LintedFile } from './outcomes';
import type { ScriptPlans } from './script-plans';

/**
 * What one run of lint leaves for the next, by the content it came from: whatever is found here is still true.
 * Plain state, made by newLintMemory() and passed in by whoever lints more than once.
 */
export interface LintMemory {
  /** Its owner tells of every change on disk (forgetText, forgetFolders): nothing is read twice. */
  watched: boolean;
  /** Migration folders and the settings they were found with; only while watched. */
  folders: { key: string; found: MigrationFolder[] } | null;
  /** What plans say of files; only while watched. */
  plans: ScriptPlans | null;
  /** Texts as read; null where there is no file. Only while watched. */
  texts: Map<string, string | null>;
  /** What a connected database said; until another one is asked. */
  catalog: KnownCatalog | null;
  /** Scripts by content, the schema before a migration by what came before it, and finished files by all they depend on. */
  parsed: Recent<ParsedSql>;
  schemas: Recent<KnownSchema>;
  results: Recent<LintedFile>;
  /** By path of a text in an editor, the name of its result: the next key makes another text of it. */
  typed: Map<string, string>;
}

/** The catalog of one database, and which migrations it has not had yet. */
export interface KnownCatalog {
  id: string;
  database: Database;
  schema: KnownSchema | null;
  /** How fast its server was measured to work; read with the first run. */
  rates?: Promise<WorkRates | null>;
  /** Versions by folder. */
  pending: Map<string, ReadonlySet<string>>;
}

/** Values used lately, up to a weight. */
export interface Recent<Value> {
  most: number;
  weight: number;
  /** The one used last comes last. */
  entries: Map<string, { value: Value; weight: number }>;
}

/** `watched`: the caller promises to call forgetText and forgetFolders for changes on disk and in editors. */
export function newLintMemory({ watched = false } = {}): LintMemory {
  return {
    watched,
    folders: null,
    plans: null,
    texts: new Map(),
    catalog: null,
    parsed: newRecent(1_000_000),
    schemas: newRecent(5_000),
    results: newRecent(50_000),
    typed: new Map(),
  };
}

/** A file's text is another one now: edited, saved, closed unsaved, or removed. */
export function forgetText(memory: LintMemory, path: string): void {
  memory.texts.delete(path);
}

/** Files came or went, or settings changed: folders are looked for again. */
export function forgetFolders(memory: LintMemory): void {
  memory.folders = null;
  memory.plans = null;
  memory.texts.clear();
}

/** The same files, each text read once for as long as the memory is watched. */
export function rememberedFiles(files: Files, memory: LintMemory): Files {
  if (!memory.watched) return files;
  return {
    ...files,
    read: async (path) => {
      const known = memory.texts.get(path);
      if (typeof known === 'string') return known;
      const text = await files.read(path);
      memory.texts.set(path, text);
      return text;
    },
    readIfExists: async (path) => {
      const known = memory.texts.get(path);
      if (known !== undefined) return known;
      const text = await files.readIfExists(path);
      memory.texts.set(path, text);
      return text;
    },
  };
}

/** A key of texts that no other texts have. */
export function memoryKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

export function newRecent<Value>(most: number): Recent<Value> {
  return { most, weight: 0, entries: new Map() };
}

/** The value of a key; undefined where it is not kept. */
export function recall<Value>(recent: Recent<Value>, key: string): Value | undefined {
  const entry = recent.entries.get(key);
  if (!entry) return undefined;
  recent.entries.delete(key);
  recent.entries.set(key, entry);
  return entry.value;
}

/** Keeps a value, and drops those not used for longest while all together weigh too much. */
export function keep<Value>(recent: Recent<Value>, key: string, value: Value, weight: number): void {
  drop(recent, key);
  if (weight > recent.most) return;
  recent.entries.set(key, { value, weight });
  recent.weight += weight;
  for (const oldest of recent.entries.keys()) {
    if (recent.weight <= recent.most) return;
    drop(recent, oldest);
  }
}

/** Keeps the result of a text in an editor in place of the one before the last key. */
export function keepTyped(
  memory: LintMemory,
  path: string,
  name: string,
  linted: LintedFile,
  weight: number,
): void {
  const before = memory.typed.get(path);
  if (before !== undefined && before !== name) drop(memory.results, before);
  memory.typed.set(path, name);
  keep(memory.results, name, linted, weight);
}

function drop<Value>(recent: Recent<Value>, key: string): void {
  const entry = recent.entries.get(key);
  if (!entry) return;
  recent.weight -= entry.weight;
  recent.entries.delete(key);
}
