import type { Session } from '../../database/session';
import type { QualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { RoutinePart } from '../../sql/statement';
import { ownRoutine } from '../routines-that-name';

/** A routine whose body is text: the catalog does not know what it uses. */
export interface RoutineText {
  classId: string;
  objectId: string;
  kind: string;
  name: string;
  qualified: QualifiedName;
  definition: string;
  /** Oids of the tables whose triggers run it. */
  triggersOf: string[];
  /** In lower case, to look for names in. */
  text: string;
  /** What it runs, read when it is first asked for; null for languages that are not read. */
  parts(): readonly RoutinePart[] | null;
}

/** Bodies behind these are not read. */
export const routineLimit = 5000;

/** The routines of a database whose body is text, in the order of their names. */
export async function readRoutineTexts(
  session: Session,
  parser: SqlParser,
  signal: AbortSignal,
): Promise<RoutineText[]> {
  const { rows } = await session.query<{
    class: string;
    id: string;
    kind: string;
    name: string;
    schema_name: string;
    bare: string;
    triggers: string[];
    source: string;
    definition: string;
  }>(
    `SELECT 'pg_catalog.pg_proc'::regclass::oid::text AS class, p.oid::text AS id, i.type AS kind, replace(i.identity, 'pg_catalog.', '') AS name,
            p.proname::text AS bare, n.nspname::text AS schema_name, p.prosrc AS source,
            ARRAY(SELECT g.tgrelid::text FROM pg_catalog.pg_trigger g WHERE g.tgfoid = p.oid AND NOT g.tgisinternal) AS triggers, pg_catalog.pg_get_functiondef(p.oid) AS definition
       FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) AS i
      WHERE ${ownRoutine} AND p.prokind <> 'a' AND p.prosrc <> '' ORDER BY i.identity LIMIT ${routineLimit}`,
    [],
    { signal },
  );
  return rows.map((row) => {
    let read: readonly RoutinePart[] | null | undefined;
    return {
      classId: row.class,
      objectId: row.id,
      kind: row.kind,
      name: row.name,
      definition: row.definition,
      qualified: { schema: row.schema_name, name: row.bare },
      triggersOf: row.triggers,
      text: row.source.toLowerCase(),
      parts: () => {
        if (read === undefined) read = parser.parse(row.definition).statements[0]?.body?.parts ?? null;
        return read;
      },
    };
  });
}
