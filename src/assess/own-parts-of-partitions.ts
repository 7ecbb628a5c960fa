import { withQualifiedOutput } from '../catalog/qualified-output';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { differingPartitions } from './changes/differing-partitions';

interface OwnParts {
  /** Objects on the column of a partition, as the server describes them. */
  objects: string[];
  /** Partitions with a comment or with privileges on the column. */
  remarked: string[];
}

/**
 * What a second column would take from partitions, or give to them, as the table alone tells how the column is.
 * Each with the way out.
 */
export async function ownPartsBlockers(column: string, at: Look): Promise<string[]> {
  if (at.table.partitioning === null) return [];
  const name = formatIdentifier(column);
  const byDefault = await differingPartitions(at, column, 'default');
  const byNotNull = await differingPartitions(at, column, 'not-null');
  const differing = [...new Set([...byDefault, ...byNotNull])];
  const { objects, remarked } = await readOwnParts(column, at);
  const blockers: string[] = [];
  if (differing.length > 0) {
    blockers.push(
      t(
        'These partitions have another default of {0} than {1}, or NOT NULL where it has not: {2}. Give them what the table has first.',
        name,
        formatQualifiedName(at.table.name),
        differing.join(', '),
      ),
    );
  }
  if (objects.length > 0) {
    blockers.push(
      t(
        'Partitions have something of their own on {0}, which would go with the old values: {1}. Drop it first, and create it again after the change.',
        name,
        objects.join(', '),
      ),
    );
  }
  if (remarked.length > 0) {
    blockers.push(
      t(
        'These partitions have a comment or privileges of their own on {0}, which would go with the old values: {1}. Take them back first, and give them again after the change.',
        name,
        remarked.join(', '),
      ),
    );
  }
  return blockers;
}

async function readOwnParts(column: string, { session, table, signal }: Look): Promise<OwnParts> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<OwnParts>(ownPartsQuery, [formatQualifiedName(table.name), column], { signal }),
  );
  return rows[0]!;
}

/** Without what is a part of the same of the table itself, and without defaults and NOT NULL, which are compared. */
const ownPartsQuery = `
  WITH own AS (
    SELECT a.attrelid, a.attnum, a.attacl FROM pg_catalog.pg_attribute a
     WHERE a.attname = $2 AND NOT a.attisdropped AND a.attrelid <> pg_catalog.to_regclass($1)
       AND a.attrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)))
  )
  SELECT ARRAY(SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
                 FROM pg_catalog.pg_depend d JOIN own ON d.refobjid = own.attrelid AND d.refobjsubid = own.attnum
                WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.classid <> 'pg_catalog.pg_attrdef'::regclass
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend w WHERE w.classid = d.classid AND w.objid = d.objid
                                     AND w.refclassid = 'pg_catalog.pg_trigger'::regclass AND d.classid = w.refclassid)
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE d.classid = 'pg_catalog.pg_class'::regclass AND i.inhrelid = d.objid)
                  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
                                     AND (k.contype = 'n' OR k.conparentid <> 0 OR k.coninhcount > 0)) ORDER BY 1) AS objects,
         ARRAY(SELECT attrelid::pg_catalog.regclass::text FROM own
                WHERE attacl IS NOT NULL OR pg_catalog.col_description(attrelid, attnum) IS NOT NULL ORDER BY 1) AS remarked`;
