import type { ConstrType } from '@pgsql/types';
import * as v from 'valibot';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { readKnownSchema } from '../../safety/read-known-schema';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ParsedSql } from '../../sql/statement';
import { asKind, strings, type Fields } from '../../sql/tree';
import type { ChangeFindings } from '../assessment';
import { findingsOnSteps } from '../raw/findings-on-steps';
import { relationsOf } from '../raw/look-at-raw-sql';
import { rawSteps } from '../raw/raw-steps';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('create-table'),
  table: storedName,
  /** What stands between the parentheses of CREATE TABLE. */
  definition: v.string(),
  /** null: it has no partitions. */
  partitionBy: v.nullable(v.string()),
});

/** A table that is not there yet. */
export type CreateTable = v.InferOutput<typeof stored>;

export const createTable = {
  kind: 'create-table',
  group: 'tables',
  title: () => t('Create a table'),
  description: () => t('Rows that are written to it exist nowhere else: from that release on it stays.'),
  stored,
  subject: 'new-table',
  fields: () => [
    {
      id: 'definition',
      asks: 'text',
      label: t('Columns and constraints'),
      lines: 6,
      question: () => t('Which columns and constraints?'),
      placeholder: 'id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL',
      hint: t('As between the parentheses of CREATE TABLE.'),
    },
    {
      id: 'partition-by',
      asks: 'text',
      label: t('Partitioned by'),
      question: () => t('Is it partitioned, and by what?'),
      placeholder: 'RANGE (created_at)',
      hint: t('Leave it empty for a table without partitions.'),
      optional: true,
    },
  ],
  usage: '--definition COLUMNS [--partition-by KEY]',
  read: (answers): CreateTable => ({
    kind: 'create-table',
    table: answers.table(),
    definition: answers.text('definition'),
    partitionBy: answers.optionalText('partition-by'),
  }),
  answers: ({ definition, partitionBy }): Record<string, string> => ({
    definition,
    ...(partitionBy === null ? {} : { 'partition-by': partitionBy }),
  }),
  planChoices: [],
  describe: ({ table }) => t('Create the table {0}', formatQualifiedName(table)),
  words: ({ table }) => `create ${table.name}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look,
  check: () => undefined,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A table is created; what is there stays as it is.'),
  }),
  rewritesRows: () => false,
  states: ({ table, definition }) => ({
    before: [t('There is no table {0}.', formatQualifiedName(table))],
    after: [
      t('There is {0} with these columns and constraints: {1}.', formatQualifiedName(table), definition),
    ],
  }),
} satisfies ChangeType<CreateTable>;

/** The statement that makes the table. */
function createTableSql({ table, definition, partitionBy }: CreateTable): string {
  const partitions = partitionBy === null ? '' : ` PARTITION BY ${partitionBy}`;
  return `CREATE TABLE ${formatQualifiedName(table)} (\n  ${definition}\n)${partitions}`;
}

async function look(change: CreateTable, at: Look): Promise<ChangeFindings> {
  const { session, parser, signal } = at;
  const create = createTableSql(change);
  const sql = [create, ...keyIndexes(change, tableOf(parser.parse(create)))].join(';\n');
  const parsed = parser.parse(sql);
  const schema = await readKnownSchema(session, parser, { relations: relationsOf(parsed), signal });
  const steps = rawSteps(sql, parsed, schema, session.facts.major);
  return { rawSteps: steps, blockers: findingsOnSteps(steps, schema, at) };
}

/** Throws `invalid-input` where the text is not the inside of one plain CREATE TABLE. */
function tableOf({ statements, problems }: ParsedSql): Fields<'CreateStmt'> {
  const create = asKind(statements[0]?.node, 'CreateStmt');
  const problem = problems[0]?.message;
  if (problem === undefined && create && statements.length === 1 && (create.tableElts ?? []).length > 0)
    return create;
  throw new SwitchbackError(
    'invalid-input',
    problem === undefined
      ? t('That is more, or less, than the columns and constraints of one table. Correct it.')
      : t('The columns and constraints cannot be read: {0} Correct them.', problem),
  );
}

/** An index for each foreign key that none begins with: without one, each delete over there reads all of this table. */
function keyIndexes({ table }: CreateTable, create: Fields<'CreateStmt'>): string[] {
  const keys = keysOf(create);
  const indexed = keys.filter(({ kind }) => kind !== 'CONSTR_FOREIGN').map(({ columns }) => columns);
  return keys
    .filter(({ kind }) => kind === 'CONSTR_FOREIGN')
    .filter(
      ({ columns }) => !indexed.some((index) => columns.every((column, place) => index[place] === column)),
    )
    .map(
      ({ columns }) =>
        `CREATE INDEX ON ${formatQualifiedName(table)} (${columns.map(formatIdentifier).join(', ')})`,
    );
}

interface Key {
  kind: ConstrType | undefined;
  columns: string[];
}

/** Primary keys, unique constraints and foreign keys, of columns and of the table. */
function keysOf(create: Fields<'CreateStmt'>): Key[] {
  const keys = (create.tableElts ?? []).flatMap((element): Key[] => {
    const constraint = asKind(element, 'Constraint');
    if (constraint)
      return [{ kind: constraint.contype, columns: strings(constraint.fk_attrs ?? constraint.keys) }];
    const column = asKind(element, 'ColumnDef');
    return (column?.constraints ?? []).map((each) => ({
      kind: asKind(each, 'Constraint')?.contype,
      columns: [column!.colname ?? ''],
    }));
  });
  const ofKeys: unknown[] = ['CONSTR_PRIMARY', 'CONSTR_UNIQUE', 'CONSTR_FOREIGN'];
  return keys.filter(({ kind }) => ofKeys.includes(kind));
}
