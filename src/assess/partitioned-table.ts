import { withQualifiedOutput } from '../catalog/qualified-output';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind } from '../sql/tree';
import type { ChangeFindings, IndexPart } from './change-facts';
import type { Look } from './changes/change-type';
import type { PartitionTable } from './changes/partition-table';
import { readIncomingReferences, type IncomingReference } from './partition-references';
import { readIndexParts } from './index-parts';
import { takenNameBlockers } from './partition-tree';
import { partitionList, type NewPartition } from './partition-list';
import { relationNames } from './relation-names';
import { readRights, type Rights } from './rights';
import { subscriptionsInto } from './stand-in-view';
import { boundDependents, foreignOwners } from './swapped-table';

/** A table that a partitioned one takes the place of, with all that has to be there again. */
export interface PartitionedTable {
  /** The columns it is partitioned by. */
  keyColumns: string[];
  partitions: NewPartition[];
  rights: Rights;
  indexes: IndexPart[];
  sequences: OwnedSequence[];
  /** Foreign keys of others to it. */
  references: IncomingReference[];
}

/** A sequence that gives a column its values. */
export interface OwnedSequence {
  name: QualifiedName;
  column: string;
  identity: boolean;
  /** `START WITH 1 INCREMENT BY 1 ...`. */
  options: string;
}

/** What stops a table from being partitioned that only the server knows. Throws `invalid-input`. Reads only. */
export async function lookAtPartitionedTable(change: PartitionTable, at: Look): Promise<ChangeFindings> {
  const { table, parser } = at;
  const { keyColumns, strategy } = partitionKey(parser, change.partitionBy);
  for (const column of keyColumns) assertColumn(at, column);
  const partitions = partitionList(parser, change.partitions, table.name.schema, strategy);
  const indexes: IndexPart[] = [];
  for (const { name } of table.indexes) indexes.push(...(await readIndexParts(at, name)));
  const takenNames = await relationNames(at, [table.name, ...partitions.map(({ name }) => name)]);
  return {
    partitionedTable: {
      keyColumns,
      partitions,
      rights: await readRights(table.name, at),
      indexes,
      sequences: await readSequences(at),
      references: await readIncomingReferences(at),
    },
    takenNames,
    blockers: [
      ...partitions.flatMap(({ name }) => takenNameBlockers(name.name, name.schema, takenNames)),
      ...(await boundDependents(at)),
      ...(await foreignOwners(at)),
      ...(await subscriptionsInto(at)),
    ],
  };
}

function partitionKey(
  parser: SqlParser,
  text: string,
): { keyColumns: string[]; strategy: 'range' | 'list' | 'hash' } {
  const { statements, comments } = parser.parse(`CREATE TABLE x () PARTITION BY ${text}`);
  const spec = asKind(statements[0]?.node, 'CreateStmt')?.partspec;
  const strategy = /^\s*(range|list|hash)\b/i.exec(text)?.[1]?.toLowerCase() as 'range' | undefined;
  const names = (spec?.partParams ?? []).map((element) => asKind(element, 'PartitionElem')?.name ?? '');
  if (statements.length !== 1 || comments.length > 0 || !strategy || names.length === 0)
    throw new SwitchbackError(
      'invalid-input',
      t('"{0}" does not say by what a table is partitioned. Write it as {1}.', text, 'RANGE (created_at)'),
    );
  if (names.includes(''))
    throw new SwitchbackError(
      'invalid-input',
      t(
        '"{0}" is partitioned by an expression, and PostgreSQL keeps no key unique over such partitions. Name columns.',
        text,
      ),
    );
  return { keyColumns: names, strategy };
}

function assertColumn({ table }: Look, column: string): void {
  const found = table.columns.find(({ name }) => name === column);
  const relation = formatQualifiedName(table.name);
  if (!found)
    throw new SwitchbackError(
      'not-found',
      t(
        'There is no column {0} in {1}. Correct what it is partitioned by.',
        formatIdentifier(column),
        relation,
      ),
    );
  if (found.generated === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} of {1} is generated, and no table is partitioned by such a column. Name another one.',
      formatIdentifier(column),
      relation,
    ),
  );
}

async function readSequences({ session, table, signal }: Look): Promise<OwnedSequence[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Omit<OwnedSequence, 'name'> & Record<'schema' | 'sequence', string>>(
      `SELECT n.nspname::text AS schema, c.relname::text AS sequence, a.attname::text AS column, d.deptype = 'i' AS identity,
              pg_catalog.format('START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s', s.seqstart, s.seqincrement,
                s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END) AS options
         FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
         JOIN pg_catalog.pg_class c ON c.oid = d.objid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
          AND d.refobjid = pg_catalog.to_regclass($1) AND d.deptype IN ('a', 'i') ORDER BY a.attnum`,
      [formatQualifiedName(table.name)],
      { signal },
    ),
  );
  return rows.map(({ schema, sequence, ...rest }) => ({ ...rest, name: { schema, name: sequence } }));
}
