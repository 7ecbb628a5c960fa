import type { ConstrType } from '@pgsql/types';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { readKnownSchema } from '../safety/read-known-schema';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import { obstacleToSending } from '../sql/obstacle';
import type { ParsedSql, Statement } from '../sql/statement';
import { asKind, strings, type Fields } from '../sql/tree';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { findingsOnSteps } from './raw/findings-on-steps';
import { firstLine, relationsOf } from './raw/look-at-raw-sql';
import { rawSteps } from './raw/raw-steps';

/** A table as somebody wants it. */
export interface NewTable {
  table: QualifiedName;
  /** What stands between the parentheses of CREATE TABLE. */
  definition: string;
  partitionBy: string | null;
  /** Statements that belong to it. */
  more: string | null;
}

/**
 * The one step that makes a table with its indexes, and what stops it. Throws `invalid-input` for a text that is no table's,
 * and for statements of another, and `not-found` where it refers to what is not there.
 */
export async function lookAtNewTable(wish: NewTable, at: Look): Promise<ChangeFindings> {
  const { session, parser, signal } = at;
  const create = createTableSql(wish);
  const table = tableOf(parser.parse(create));
  const more = wish.more === null ? [] : statementsOf(wish.more, wish.table, at);
  const sql = [create, ...keyIndexes(wish.table, table, more), ...more.map(({ text }) => text)].join(';\n');
  const parsed = parser.parse(sql);
  const relations = relationsOf(parsed);
  await refuseMissing(wish.table, relations, at);
  const schema = await readKnownSchema(session, parser, { relations, signal });
  const steps = rawSteps(sql, parsed, schema, session.facts.major);
  const [, apart] = steps;
  const blockers = findingsOnSteps(steps, schema, at);
  if (!apart) return { rawSteps: steps, blockers };
  const statement = firstLine(apart.statements[0]!);
  return {
    rawSteps: steps,
    blockers: [...blockers, t('"{0}" cannot share the transaction of the table. Leave it out.', statement)],
  };
}

/** What it refers to, or is made like, has to be there. */
async function refuseMissing(
  table: QualifiedName,
  relations: readonly QualifiedName[],
  { session, signal }: Look,
): Promise<void> {
  const own = formatQualifiedName(table);
  const names = relations.map(formatQualifiedName).filter((name) => name !== own);
  const { rows } = await session.query<{ name: string }>(
    'SELECT name FROM unnest($1::text[]) AS name WHERE pg_catalog.to_regclass(name) IS NULL',
    [names],
    { signal },
  );
  if (rows[0])
    throw new SwitchbackError(
      'not-found',
      t('There is no table {0}, which {1} names. Create it first, or correct the name.', rows[0].name, own),
    );
}

/** The statement that makes the table. */
function createTableSql({ table, definition, partitionBy }: NewTable): string {
  const partitions = partitionBy === null ? '' : ` PARTITION BY ${partitionBy}`;
  return `CREATE TABLE ${formatQualifiedName(table)} (\n  ${definition}\n)${partitions}`;
}

/** Throws `invalid-input` where the text is not the inside of one plain CREATE TABLE. */
function tableOf({ statements, problems }: ParsedSql): Fields<'CreateStmt'> {
  const create = asKind(statements[0]?.node, 'CreateStmt');
  const problem = problems[0]?.message;
  if (problem === undefined && create && statements.length === 1 && (create.tableElts ?? []).length > 0)
    return create;
  return refuse(
    problem === undefined
      ? t('That is more, or less, than the columns and constraints of one table. Correct it.')
      : t('The columns and constraints cannot be read: {0} Correct them.', problem),
  );
}

/** Statements that are all of the new table. */
function statementsOf(sql: string, table: QualifiedName, { parser }: Look): Statement[] {
  const parsed = parser.parse(sql);
  const obstacle = obstacleToSending(parsed);
  if (obstacle)
    refuse(t('Line {0} cannot be read: {1} Correct the SQL.', obstacle.start.line, obstacle.message));
  const other = parsed.statements.find((statement) => !isOf(statement, table));
  if (other)
    refuse(
      t(
        '"{0}" is no index, constraint, comment, trigger or policy of {1}. Plan it by itself.',
        firstLine(other.text),
        formatQualifiedName(table),
      ),
    );
  return parsed.statements;
}

function isOf({ node }: Statement, { schema, name }: QualifiedName): boolean {
  const alter = asKind(node, 'AlterTableStmt');
  const policy = asKind(node, 'CreatePolicyStmt');
  const relation =
    asKind(node, 'IndexStmt')?.relation ??
    asKind(node, 'CreateTrigStmt')?.relation ??
    alter?.relation ??
    policy?.table;
  if (relation) return relation.schemaname === schema && relation.relname === name;
  const comment = asKind(node, 'CommentStmt');
  const parts = strings(asKind(comment?.object, 'List')?.items);
  const column = comment?.objtype === 'OBJECT_COLUMN' ? 1 : 0;
  return parts.length === 2 + column && parts[0] === schema && parts[1] === name;
}

/** An index for each foreign key that none begins with: without one, each delete over there reads all of this table. */
function keyIndexes(
  table: QualifiedName,
  create: Fields<'CreateStmt'>,
  more: readonly Statement[],
): string[] {
  const keys = [...keysOf(create), ...more.flatMap(keysOfStatement)];
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
  kind: ConstrType | 'index' | undefined;
  columns: string[];
}

/** Primary keys, unique constraints and foreign keys, of columns and of the table. */
function keysOf(create: Fields<'CreateStmt'>): Key[] {
  return (create.tableElts ?? []).flatMap((element): Key[] => {
    const column = asKind(element, 'ColumnDef');
    if (!column) return keysOfConstraint(asKind(element, 'Constraint'));
    return (column.constraints ?? []).flatMap((each) =>
      keysOfConstraint(asKind(each, 'Constraint')).map((key) => ({
        ...key,
        columns: [column.colname ?? ''],
      })),
    );
  });
}

function keysOfStatement({ node }: Statement): Key[] {
  const index = asKind(node, 'IndexStmt');
  if (index && !index.whereClause) {
    const columns = (index.indexParams ?? []).map((each) => asKind(each, 'IndexElem')?.name ?? '');
    return [{ kind: 'index', columns }];
  }
  const commands = asKind(node, 'AlterTableStmt')?.cmds ?? [];
  return commands.flatMap((command) =>
    keysOfConstraint(asKind(asKind(command, 'AlterTableCmd')?.def, 'Constraint')),
  );
}

function keysOfConstraint(constraint: Fields<'Constraint'> | null): Key[] {
  const kind = constraint?.contype;
  if (kind === 'CONSTR_FOREIGN') return [{ kind, columns: strings(constraint?.fk_attrs) }];
  if (kind !== 'CONSTR_PRIMARY' && kind !== 'CONSTR_UNIQUE') return [];
  return [{ kind, columns: strings(constraint?.keys) }];
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
