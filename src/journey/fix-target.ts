import { layoutById } from '../layouts/layouts';
import type { Direction, Migration, MigrationScript } from '../layouts/layout';
import type { FixTarget, OtherScript, OtherStatement, ScriptObject } from '../safety/fix-proposal';
import { dottedKey, emptyKnownSchema, relationKey, type KnownSchema } from '../safety/known-schema';
import { applyToKnownSchema } from '../safety/known-schema-fold';
import { nameParts } from '../safety/known-schema-drop';
import { afterWord } from '../safety/reading/statement-text';
import type { ParsedSql, Statement } from '../sql/statement';
import { asKind } from '../sql/tree';
import type { MigrationFolder } from './migrations';

/** Where the fixes of one migration's script go: its own file, and new ones behind the last of its folder. */
export function fixTarget(
  folder: MigrationFolder,
  path: string,
  now: Date,
  other: OtherScript | null,
): FixTarget {
  const layout = layoutById(folder.layout);
  const composed: Migration[] = [];
  return {
    path,
    outside: layout.outsideTransaction,
    compose: layout.sealsTexts
      ? null
      : ({ name, up, down, transactional }, earlier) => {
          const existing = [...folder.migrations, ...composed.slice(0, earlier)];
          const files = layout.compose(
            { folder: folder.folder, name, up, down, transactional, now },
            existing,
          );
          composed[earlier] = migrationOf(folder, name, files);
          return files.map((file) => ({
            path: file.path,
            text: file.text,
            ...(layout.seal ? { composed: file } : {}),
          }));
        },
    other,
  };
}

function migrationOf(
  folder: MigrationFolder,
  name: string,
  files: readonly { path: string; direction: Direction; version: string }[],
): Migration {
  const pathOf = (direction: Direction): string | null =>
    files.find((file) => file.direction === direction)?.path ?? null;
  return {
    version: files[0]?.version ?? '',
    name,
    folder: folder.folder,
    layout: folder.layout,
    upPath: pathOf('up') ?? '',
    downPath: pathOf('down'),
  };
}

/** The script of the other direction as fixes need it: which of its statements make or drop what. */
export function otherScript(script: MigrationScript, parsed: ParsedSql, text: string): OtherScript {
  const schema = emptyKnownSchema();
  const setsPath = /search_path/i.test(script.sql);
  const statements = parsed.statements.map((statement): OtherStatement => {
    const about = aboutObjects(statement, schema);
    // Where names without a schema go by more than the usual path, what is there counts too.
    if (setsPath) applyToKnownSchema(schema, statement);
    return {
      ...about,
      start: statement.start.offset + script.offset,
      end: statement.end.offset + script.offset,
      outside: outsideForm(statement),
    };
  });
  const first = parsed.statements.find(
    ({ kind }) => kind !== 'VariableSetStmt' && kind !== 'TransactionStmt',
  );
  const start = script.offset + (first?.start.offset ?? script.sql.length);
  return { path: script.path, text, start, statements };
}

function aboutObjects(
  statement: Statement,
  schema: KnownSchema,
): Pick<OtherStatement, 'objects' | 'alone' | 'tolerant'> {
  const drop = asKind(statement.node, 'DropStmt');
  const index = asKind(statement.node, 'IndexStmt');
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (drop?.removeType === 'OBJECT_INDEX') {
    const objects = (drop.objects ?? []).map((object) => indexObject(schema, nameParts(object)));
    return { objects, alone: objects.length === 1, tolerant: drop.missing_ok ?? false };
  }
  if (index?.idxname) {
    const owner = index.relation?.schemaname;
    const objects = [indexObject(schema, owner ? [owner, index.idxname] : [index.idxname])];
    return { objects, alone: true, tolerant: index.if_not_exists ?? false };
  }
  const commands = (alter?.cmds ?? []).map((node) => asKind(node, 'AlterTableCmd'));
  const table = relationKey(schema, alter?.relation);
  const partition = asKind(commands[0]?.def, 'PartitionCmd');
  if (partition && alter?.objtype === 'OBJECT_TABLE') {
    const child = relationKey(schema, partition.name);
    return { objects: [{ kind: 'partition', parent: table, child }], alone: true, tolerant: false };
  }
  const dropped = commands.filter((command) => command?.subtype === 'AT_DropConstraint');
  const objects = dropped.map((command): ScriptObject => ({
    kind: 'constraint',
    table,
    name: command?.name ?? '',
  }));
  const tolerant = dropped.every((command) => command?.missing_ok) || (alter?.missing_ok ?? false);
  return { objects, alone: objects.length === 1 && commands.length === 1, tolerant };
}

function indexObject(schema: KnownSchema, parts: string[]): ScriptObject {
  return { kind: 'index', name: dottedKey(schema, parts, schema.relations) };
}

/** CREATE INDEX and DROP INDEX as they have to be where they stand alone. */
function outsideForm(statement: Statement): string {
  const index = asKind(statement.node, 'IndexStmt');
  const drop = asKind(statement.node, 'DropStmt');
  const isPlain = index ? !index.concurrent : drop?.removeType === 'OBJECT_INDEX' && !drop.concurrent;
  return isPlain ? afterWord(statement.text, 'index', ' CONCURRENTLY') : statement.text;
}
