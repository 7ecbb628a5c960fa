import type { PartitionBoundSpec, PartitionCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { tokens } from '../../sql/tokens';
import { asKind } from '../../sql/tree';
import { freeConstraintName } from '../default-name';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { relationKey } from '../known-schema';
import { defaultPartition } from '../known-neighbours';
import { commandsOf, isUnseen } from '../reading/commands';
import { removeStatement } from '../reading/script-edits';
import { relationsNamed } from '../reading/tables-named';
import { validateMigration } from '../reading/validate-migration';
import type { Rule, RuleContext } from '../rule';

export const attachPartitionScan: Rule = {
  id: 'attach-partition-scan',
  title: 'ATTACH PARTITION that has to read rows',
  severity: 'warning',
  planned: true,
  on: ['AT_AttachPartition'],
  since: null,
  until: null,
  why: 'ATTACH PARTITION reads all rows of the new partition, and of the default one, under ACCESS EXCLUSIVE on them, to see that they belong there. Where a validated CHECK says so already, it reads nothing.',
  url: 'https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE',
  bad: {
    before:
      'create table events (id int not null, kind int) partition by range (id); create table events_1 (id int not null, kind int);',
    sql: 'alter table events attach partition events_1 for values from (1) to (1000000);',
  },
  good: {
    before:
      'create table events (id int not null, kind int) partition by range (id); create table events_1 (id int not null, kind int, constraint events_1_bound check (id >= 1 and id < 1000000));',
    sql: 'alter table events attach partition events_1 for values from (1) to (1000000);',
  },
  check(context) {
    const { statement, schema, forecast } = context;
    const alter = asKind(statement.node, 'AlterTableStmt');
    if (alter?.objtype !== 'OBJECT_TABLE') return [];
    return commandsOf(context, 'AT_AttachPartition').flatMap((command) => {
      const partition = asKind(command.def, 'PartitionCmd');
      const parent = relationKey(schema, alter.relation);
      const child = relationKey(schema, partition?.name);
      const rest = defaultPartition(schema, parent);
      const read = forecast.works.filter((work) => work.kind === 'scan').map((work) => work.relation);
      if (!partition || read.length === 0) return [];
      if (rest !== null && read.includes(rest)) {
        const message = t(
          'All rows of the default partition {0} are read while nobody can use it. Give it a validated CHECK that leaves the new values out, first.',
          relationLabel(rest),
        );
        return [{ message, fix: null, severity: 'error' as const }];
      }
      if (isUnseen(context, child)) return [];
      const message = t(
        'All rows of {0} are read while nobody can use it. Give it a CHECK that says what the bound says, NOT VALID first, and validate it before it is attached.',
        relationLabel(child),
      );
      return [{ message, fix: proveFirst(context, parent, child, partition) }];
    });
  },
};

/** CHECK, VALIDATE, ATTACH, each a migration of its own; the CHECK stays, as the partition's bound says the same. */
function proveFirst(
  context: RuleContext,
  parent: string,
  child: string,
  partition: PartitionCmd,
): FixProposal | null {
  const { statement, schema, script } = context;
  const key = schema.relations.get(parent)?.partitionKey;
  const column = key?.length === 1 ? key[0]! : null;
  const condition = column && partition.bound ? conditionOf(statement.text, partition.bound, column) : null;
  const table = schema.relations.get(child);
  // Indexes are built and foreign keys checked by ATTACH all the same.
  if (!condition || !table || context.forecast.works.length > 1) return null;
  const later = script.statements.slice(statement.index + 1);
  if (later.some((each) => relationsNamed(schema, each).some((name) => name === parent || name === child)))
    return null;
  const name = freeConstraintName(schema, child, 'check', ['bound']);
  const definition = `CONSTRAINT ${formatIdentifier(name)} CHECK (${condition}) NOT VALID`;
  return {
    kind: 'edit',
    title: t('Prove the bound with a validated CHECK, then attach'),
    edits: [removeStatement(script, statement)],
    follows: [
      {
        name: `check ${name}`,
        up: `ALTER TABLE ${child} ADD ${definition};\n`,
        down: `ALTER TABLE ${child} DROP CONSTRAINT ${formatIdentifier(name)};\n`,
        transactional: true,
      },
      validateMigration(child, name, definition),
      {
        name: `attach ${table.name}`,
        up: `${statement.text};\n`,
        down: `ALTER TABLE ${parent} DETACH PARTITION ${child};\n`,
        transactional: true,
      },
    ],
    other: { object: { kind: 'partition', parent, child }, newText: null },
  };
}

/** The bound as a condition, with the author's own values; null for more than one column and for NULL in a list. */
function conditionOf(text: string, bound: PartitionBoundSpec, column: string): string | null {
  const name = formatIdentifier(column);
  const lists = bracketed(text);
  if (bound.strategy === 'r' && bound.lowerdatums?.length === 1 && lists.length === 2) {
    const [low, high] = lists as [string, string];
    const parts = [`${name} IS NOT NULL`];
    if (!/^minvalue$/i.test(low)) parts.push(`${name} >= ${low}`);
    if (!/^maxvalue$/i.test(high)) parts.push(`${name} < ${high}`);
    return parts.join(' AND ');
  }
  const isNull = (bound.listdatums ?? []).some((node) => asKind(node, 'A_Const')?.isnull);
  if (bound.strategy !== 'l' || isNull || lists.length !== 1) return null;
  return `${name} IS NOT NULL AND ${name} IN (${lists[0]!})`;
}

/** The texts in the outermost brackets behind FOR VALUES. */
function bracketed(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = -1;
  let values = false;
  for (const token of tokens(text)) {
    if (token.kind === 'word' && /^values$/i.test(token.text)) values = true;
    if (!values || token.kind !== 'sign') continue;
    if (token.text === '(' && ++depth === 1) start = token.end;
    if (token.text === ')' && --depth === 0) found.push(text.slice(start, token.start).trim());
  }
  return found;
}
