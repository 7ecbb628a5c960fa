import type { Catalog } from '../catalog/catalog';
import { readCatalog } from '../catalog/read-catalog';
import { t } from '../messages/translate';
import type { ReplayedScript } from '../rehearse/shadow-run';
import { workingOrder } from '../rehearse/working-order';
import { inOrder } from '../reverse/reverse-step';
import { rolesOf, schemaScript } from '../reverse/schema-script';
import type { Shadow } from '../shadow/shadow';
import { quoteLiteral } from '../sql/identifier';
import { objectsOfTable, readSchema } from './applied-history';
import type { Database } from './database';
import type { JourneyContext } from './workspace';

/** What gives an empty shadow, with the tool's own tables in it, the schema of a database. */
export interface SchemaBase {
  script: ReplayedScript;
  /** What of the schema it does not make, in sentences. */
  notes: string[];
  /** What is the tool's own, as the catalog names it: there already, and not made by the script. */
  own: string[];
}

/**
 * Reads the schema of a database and finds the statements that make it in the shadow, which is emptied for that. `table` is
 * the history table, `prepare` what makes it. Throws `verification-failed` where the shadow cannot hold such a schema.
 */
export async function schemaBase(
  context: JourneyContext,
  database: Database,
  shadow: Shadow,
  { table, prepare }: { table: string; prepare: readonly string[] },
): Promise<SchemaBase> {
  const { signal } = context;
  const { label } = database.sessions;
  context.progress.report({ message: t('Reading the schema of {0}', label) });
  const read = await readSchema(database.session, signal);
  context.progress.report({ message: t('Making the schema of {0} in the shadow database', label) });
  const session = await shadow.reset(signal);
  try {
    const bare = await readCatalog(session);
    for (const sql of prepare) await session.script(sql);
    const prepared = await readCatalog(session);
    const own = [
      ...Object.keys(prepared.objects).filter((object) => !(object in bare.objects)),
      ...objectsOfTable(read, table),
    ];
    const wanted = without(read, own);
    // Roles are of a whole server: on one of the user's none is made.
    const makesRoles = shadow.kind !== 'server';
    const { steps, notes } = schemaScript(without(prepared, own), wanted, makesRoles ? 'not owners' : 'none');
    const statements = [...(makesRoles ? rolesOf(wanted).map(roleOnce) : []), ...inOrder(steps)];
    const worked = await workingOrder(session, statements, signal);
    const sql = ['set check_function_bodies = off', ...worked].map((statement) => `${statement};\n`).join('');
    return { script: { sql, transaction: 'implicit', label: t('the schema of {0}', label) }, notes, own };
  } finally {
    await session.close();
  }
}

function without({ major, objects }: Catalog, left: readonly string[]): Catalog {
  const out = new Set(left);
  return {
    major,
    objects: Object.fromEntries(Object.entries(objects).filter(([object]) => !out.has(object))),
  };
}

/** The statement that makes a role where there is none. `role` is as SQL writes it. */
export function roleOnce(role: string): string {
  const name = role.startsWith('"') ? role.slice(1, -1).replaceAll('""', '"') : role;
  const body = `begin if not exists (select from pg_catalog.pg_roles where rolname = ${quoteLiteral(name)}) then create role ${role}; end if; end`;
  return `do ${quoteLiteral(body)}`;
}
