import { layoutById } from '../layouts/layouts';
import type { Direction, Migration, MigrationScript } from '../layouts/layout';
import type { FixTarget, OtherScript } from '../safety/fix-proposal';
import { dottedKey, emptyKnownSchema } from '../safety/known-schema';
import { nameParts } from '../safety/known-schema-fold';
import type { ParsedSql } from '../sql/statement';
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
    compose({ name, up, down, transactional }, earlier) {
      const existing = [...folder.migrations, ...composed.slice(0, earlier)];
      const files = layout.compose({ folder: folder.folder, name, up, down, transactional, now }, existing);
      composed[earlier] = migrationOf(folder, name, files);
      return files.map((file) => ({ path: file.path, text: file.text }));
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

/** The script of the other direction as fixes need it: which of its statements drop indexes. */
export function otherScript(script: MigrationScript, parsed: ParsedSql, text: string): OtherScript {
  const schema = emptyKnownSchema();
  return {
    path: script.path,
    text,
    drops: parsed.statements.flatMap((statement) => {
      const drop = asKind(statement.node, 'DropStmt');
      if (drop?.removeType !== 'OBJECT_INDEX') return [];
      const indexes = (drop.objects ?? []).map((object) =>
        dottedKey(schema, nameParts(object), schema.relations),
      );
      const { start, end } = statement;
      return [{ start: start.offset + script.offset, end: end.offset + script.offset, indexes }];
    }),
  };
}
