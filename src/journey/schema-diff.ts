import { changesBetween, type SchemaChange } from '../assess/diff/changes-between';
import { possibleRenames, renameId, renameSql, type PossibleRename } from '../assess/diff/possible-renames';
import { changeOfStatement } from '../assess/change-of-statement';
import type { Catalog } from '../catalog/catalog';
import { readCatalog } from '../catalog/read-catalog';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { defaultWatchdogMilliseconds } from '../rehearse/rehearse';
import { runScript } from '../rehearse/run-script';
import { workingOrder } from '../rehearse/working-order';
import { inOrder } from '../reverse/reverse-step';
import { rolesOf, schemaScript } from '../reverse/schema-script';
import { readKnownSchema } from '../safety/read-known-schema';
import type { KnownSchema } from '../safety/known-schema';
import type { Shadow } from '../shadow/shadow';
import { loadParser, type SqlParser } from '../sql/parser';
import { objectsOfTable, readSchema } from './applied-history';
import type { Database } from './database';
import { readStatus } from './migrations';
import { roleOnce } from './schema-base';
import { invalidIndexes, notCompared } from './not-compared';
import { openWorkspaceShadow, type ShadowChoice } from './shadow';
import { triedChanges } from './tried-changes';
import type { JourneyContext } from './workspace';

/** A schema: of a database, which is only read, or what a file of SQL makes in an empty one. */
export type SchemaSide =
  { kind: 'database'; database: Database } | { kind: 'file'; path: string; label: string };

export interface SchemaDiff {
  from: string;
  to: string;
  shadow: { kind: Shadow['kind']; engine: Shadow['engine']; version: string };
  /** In an order that works. */
  changes: SchemaChange[];
  /** What may be a rename, and is a drop and an add until somebody says so. */
  questions: (PossibleRename & { id: string })[];
  /** What differs and has no recipe, in sentences: what, why, what to do. */
  differences: string[];
  /** What of the schemas could not be told, in sentences. */
  notes: string[];
}

export interface SchemaDiffChoices {
  /** Ids of the renames that are meant. */
  renames?: readonly string[];
  shadow?: ShadowChoice | null;
}

/**
 * The changes that lead from one schema to another, each with its recipe. Both are made in a shadow database, so that one server
 * spells them. Throws `not-found` for a rename that is none, `verification-failed` for a schema that cannot be made there.
 */
export async function diffSchemas(
  context: JourneyContext,
  from: SchemaSide,
  to: SchemaSide,
  { renames = [], shadow: choice = null }: SchemaDiffChoices = {},
): Promise<SchemaDiff> {
  const shadow = await openWorkspaceShadow(context, choice, targetOf(from) ?? targetOf(to));
  try {
    const parser = await loadParser();
    const own = await ownObjects(context, [from, to]);
    const after = await inShadow(context, shadow, to, own, async (session) =>
      without(await readCatalog(session), own),
    );
    return await inShadow(context, shadow, from, own, async (session) => {
      const { before, schema, renamed, questions } = await renamedSchema(session, parser, after, {
        renames,
        own,
      });
      const found = changesBetween({ from: before, to: after, schema, parser });
      const read = async (): Promise<Catalog> => without(await readCatalog(session), own);
      const tried = await triedChanges(found, { session, schema, parser, after, read });
      return {
        from: labelOf(from),
        to: labelOf(to),
        shadow: { kind: shadow.kind, engine: shadow.engine, version: shadow.version },
        changes: [...renamed, ...tried.changes],
        questions: questions.map((question) => ({ ...question, id: renameId(question) })),
        differences: [...(await invalidIn(context, [from, to])), ...tried.differences],
        notes: [...tried.notes, notCompared()],
      };
    });
  } finally {
    await shadow.dispose();
  }
}

function labelOf(side: SchemaSide): string {
  return side.kind === 'database' ? side.database.sessions.label : side.label;
}

function targetOf(
  side: SchemaSide,
): { connection: Database['connection']; major: number; session: Session } | null {
  if (side.kind === 'file') return null;
  const { connection, session } = side.database;
  return { connection, major: session.facts.major, session };
}

/** What tools and Switchback keep for themselves in the databases: history tables. */
async function ownObjects(context: JourneyContext, sides: readonly SchemaSide[]): Promise<Set<string>> {
  const own = new Set<string>();
  for (const side of sides) {
    if (side.kind === 'file') continue;
    const catalog = await readSchema(side.database.session, context.signal);
    for (const { historyTable } of await readStatus(context, side.database.session))
      if (historyTable !== null) for (const object of objectsOfTable(catalog, historyTable)) own.add(object);
  }
  return own;
}

async function invalidIn({ signal }: JourneyContext, sides: readonly SchemaSide[]): Promise<string[]> {
  const found: string[] = [];
  for (const side of sides)
    if (side.kind === 'database')
      found.push(...invalidIndexes(await readSchema(side.database.session, signal), labelOf(side)));
  return found;
}

/** Makes a schema in the emptied shadow and reads from it. */
async function inShadow<T>(
  context: JourneyContext,
  shadow: Shadow,
  side: SchemaSide,
  own: ReadonlySet<string>,
  read: (session: Session) => Promise<T>,
): Promise<T> {
  context.progress.report({ message: t('Making the schema of {0} in the shadow database', labelOf(side)) });
  const session = await shadow.reset(context.signal);
  try {
    if (side.kind === 'file') await runFile(context, session, shadow, side);
    else await copySchema(context, session, shadow, side.database, own);
    return await read(session);
  } finally {
    await session.close();
  }
}

async function copySchema(
  { signal }: JourneyContext,
  session: Session,
  shadow: Shadow,
  database: Database,
  own: ReadonlySet<string>,
): Promise<void> {
  const bare = await readCatalog(session);
  const wanted = without(await readSchema(database.session, signal), own);
  // Roles are of a whole server: on one of the user's none is made.
  const makesRoles = shadow.kind !== 'server';
  const { steps } = schemaScript(bare, wanted, makesRoles ? 'not owners' : 'none');
  const statements = [...(makesRoles ? rolesOf(wanted).map(roleOnce) : []), ...inOrder(steps)];
  await workingOrder(session, statements, signal);
}

async function runFile(
  context: JourneyContext,
  session: Session,
  shadow: Shadow,
  side: { path: string; label: string },
): Promise<void> {
  const sql = withoutDumpCommands(await context.files.read(side.path));
  const outcome = await runScript(
    session,
    { sql, transaction: 'none' },
    { ground: shadow.kind, watchdogMilliseconds: defaultWatchdogMilliseconds, signal: context.signal },
  );
  if (outcome.kind === 'ok') return;
  throw new SwitchbackError(
    'verification-failed',
    t(
      '{0} does not make a schema in an empty database: {1} A dump is best written by pg_dump --schema-only --no-owner --no-privileges.',
      side.label,
      outcome.error,
    ),
  );
}

/** Lines for psql that pg_dump writes around a dump: https://www.postgresql.org/docs/current/app-psql.html */
function withoutDumpCommands(sql: string): string {
  return sql.replace(/^\\(?:un)?restrict\b.*$/gm, '');
}

function without({ major, objects }: Catalog, own: ReadonlySet<string>): Catalog {
  return {
    major,
    objects: Object.fromEntries(Object.entries(objects).filter(([object]) => !own.has(object))),
  };
}

interface RenamedSchema {
  before: Catalog;
  schema: KnownSchema;
  renamed: SchemaChange[];
  questions: PossibleRename[];
}

/** Renames in the shadow what is said to be renamed, one after the other, as one may make others possible. */
async function renamedSchema(
  session: Session,
  parser: SqlParser,
  after: Catalog,
  { renames, own }: { renames: readonly string[]; own: ReadonlySet<string> },
): Promise<RenamedSchema> {
  const known = (): Promise<KnownSchema> => readKnownSchema(session, parser, { relations: null });
  const renamed: SchemaChange[] = [];
  const left = new Set(renames);
  for (;;) {
    const before = without(await readCatalog(session), own);
    const schema = await known();
    const questions = possibleRenames(before, after);
    const next = questions.find((question) => left.has(renameId(question)));
    if (!next) {
      if (left.size > 0) throw noRename([...left][0]!, questions);
      return { before, schema, renamed, questions };
    }
    left.delete(renameId(next));
    const sql = renameSql(next);
    const change = changeOfStatement(parser.parse(sql).statements[0]!, schema)!;
    renamed.push({ change, statements: [sql] });
    await session.script(sql);
  }
}

function noRename(id: string, questions: readonly PossibleRename[]): SwitchbackError {
  return new SwitchbackError(
    'not-found',
    t(
      '{0} is no rename between these schemas. These could be: {1}.',
      id,
      questions.map(renameId).join(', ') || t('none'),
    ),
  );
}
