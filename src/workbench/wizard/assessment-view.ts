import { assessedParts, assessedTables } from '../../assess/assess-together';
import { countDependentObjects, dependentsNearChange } from '../../assess/dependents-of-change';
import { dependentRows } from '../../assess/dependencies/dependent-rows';
import type { TableLoad } from '../../assess/load/load-facts';
import { loadLines, statementCostText, statementUseText } from '../../assess/load/load-text';
import type { Assessment, Level, ServerFacts } from '../../assess/assessment';
import type { Dependents, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { sampleNotes } from '../../plan/measured-forecasts';
import { stepsOf, type Plan } from '../../plan/plan';
import type { AssessmentView } from '../../protocol/assessment-state';
import type { FactView, ListTable, Tone } from '../../protocol/facts';
import { formatQualifiedName } from '../../sql/identifier';
import { codePlacesView } from './code-places-view';
import { graphView } from './graph-view';
import { researchView } from './research-view';
import { bytes, count, duration, levelWord, moment } from '../format';
import { rowsText } from '../../templates/rows-text';

/** What the Assess station shows of an assessment and of the plan it would give. Paths become relative to `root`. */
export function assessmentView(
  assessment: Assessment,
  preview: Pick<Plan, 'phases'> | null,
  relative: (path: string) => string,
): AssessmentView {
  const { migrationType, risk } = assessment;
  return {
    takenAt: t('Taken {0} from {1}', moment(assessment.takenAt), assessment.database.label),
    summary: summaryOf(assessment),
    groups: [
      { title: t('Server'), facts: serverFacts(assessment.server) },
      ...assessedTables(assessment).flatMap((part, _index, all) => tableGroups(part, all.length > 1)),
    ],
    graph: graphView(assessment),
    tables: [...detailTables(assessment), ...statementTables(assessment)],
    code: codePlacesView(assessment, relative),
    type: {
      title: migrationType.title,
      why: migrationType.why,
      facts: [
        fact(t('Complexity'), levelWord(migrationType.complexity)),
        fact(t('Usual risk'), levelWord(migrationType.risk), levelTone(migrationType.risk)),
        fact(t('Usual duration'), migrationType.duration),
      ],
    },
    risk: {
      title: t('Risk: {0}', levelWord(risk.level)),
      tone: levelTone(risk.level),
      reasons: risk.reasons.map((reason) => ({
        level: levelWord(reason.level),
        tone: levelTone(reason.level),
        sentence: reason.sentence,
        evidence: reason.evidence,
        mitigation: reason.mitigation,
      })),
    },
    research: researchView(assessment),
    blockers: assessment.blockers,
    canSample:
      assessment.samples === undefined &&
      stepsOf(preview ?? { phases: [] }).some((step) => step.kind === 'backfill'),
    sampled: sampleNotes(preview?.phases ?? [], assessment),
  };
}

function fact(label: string, value: string, tone: Tone = 'neutral', note: string | null = null): FactView {
  return { label, value, tone, note };
}

/** How loud a level is shown. */
export function levelTone(level: Level): Tone {
  switch (level) {
    case 'low':
      return 'neutral';
    case 'medium':
      return 'notice';
    case 'high':
    case 'very-high':
      return 'bad';
  }
}

function serverFacts(server: ServerFacts): FactView[] {
  const { disk, lockSlots, longTransactions } = server;
  const needed = disk.heapBytes + disk.indexBytes + disk.walBytes;
  const oldest = Math.max(0, ...longTransactions.map((transaction) => transaction.milliseconds));
  const scarce = disk.freeBytes !== null && disk.freeBytes < needed * 2;
  return [
    fact(t('Version'), server.version),
    fact(t('Database size'), bytes(server.databaseBytes)),
    replicaFact(server),
    slotFact(server),
    longTransactions.length === 0
      ? fact(t('Long transactions'), t('none'))
      : fact(
          t('Long transactions'),
          t('{0}, the oldest {1}', longTransactions.length, duration(oldest)),
          'notice',
          longTransactions
            .slice(0, 3)
            .map((item) =>
              t('pid {0}, {1}, {2}: {3}', item.pid, item.user, item.state, item.query.slice(0, 80)),
            )
            .join('; '),
        ),
    fact(
      t('Disk needed'),
      bytes(needed),
      scarce ? 'bad' : 'neutral',
      disk.freeBytes === null
        ? t(
            'heap {0}, indexes {1}, WAL {2}; free space is unknown, SQL cannot read it',
            bytes(disk.heapBytes),
            bytes(disk.indexBytes),
            bytes(disk.walBytes),
          )
        : t(
            'of {0} free; heap {1}, indexes {2}, WAL {3}',
            bytes(disk.freeBytes),
            bytes(disk.heapBytes),
            bytes(disk.indexBytes),
            bytes(disk.walBytes),
          ),
    ),
    fact(
      t('Lock slots'),
      t('{0} of {1}', count(lockSlots.needed), count(lockSlots.available)),
      lockSlots.needed > lockSlots.available ? 'bad' : 'neutral',
    ),
  ];
}

function replicaFact({ replicas }: ServerFacts): FactView {
  if (replicas === null) return fact(t('Replicas'), t('not visible to this user'));
  if (replicas.length === 0) return fact(t('Replicas'), t('none'));
  const described = replicas.map((replica) =>
    replica.lagMilliseconds !== null
      ? t('{0}: {1} behind', replica.name, duration(replica.lagMilliseconds))
      : t('{0}: {1}', replica.name, replica.lagBytes === null ? replica.state : bytes(replica.lagBytes)),
  );
  return fact(t('Replicas'), String(replicas.length), 'neutral', described.join('; '));
}

function slotFact({ slots }: ServerFacts): FactView {
  if (slots.length === 0) return fact(t('Replication slots'), t('none'));
  const idle = slots.filter(({ active }) => !active);
  const kept = idle.map(({ name, keptBytes }) =>
    t('{0}: nobody reads it, {1} kept', name, bytes(keptBytes ?? 0)),
  );
  return fact(
    t('Replication slots'),
    String(slots.length),
    idle.length === 0 ? 'neutral' : 'notice',
    kept.length === 0 ? null : kept.join('; '),
  );
}

function loadFacts(load: TableLoad): FactView[] {
  return loadLines(load).map(({ what, text, note }) => fact(what, text, 'neutral', note));
}

/** Only where pg_stat_statements counts them. */
function statementTables(assessment: Assessment): ListTable[] {
  const counted = assessedTables(assessment).flatMap(({ load }) =>
    load?.statements ? [load.statements] : [],
  );
  if (counted.length === 0) return [];
  return [
    {
      title: t('Statements that use it'),
      headers: [t('Statement'), t('Run'), t('It')],
      rows: counted.flat().map((each) => [each.text, statementCostText(each), statementUseText(each)]),
      empty: t('None was run since they are counted.'),
    },
  ];
}

/** One table in a sentence, several one after the other. */
function summaryOf(assessment: Assessment): string {
  const tables = assessedTables(assessment);
  const sizes = tables
    .map(({ table }) =>
      t(
        '{0} has {1} in {2}',
        formatQualifiedName(table.name),
        rowsText(table.rows.count),
        bytes(table.bytes.total),
      ),
    )
    .join('; ');
  const objects = countDependentObjects(assessment);
  if (tables.length === 1)
    return objects === 1
      ? t('{0}; 1 object depends on it.', sizes)
      : t('{0}; {1} objects depend on it.', sizes, objects);
  return objects === 1
    ? t('{0}; 1 object depends on them.', sizes)
    : t('{0}; {1} objects depend on them.', sizes, objects);
}

/** What is known of one table, named where there are several. */
function tableGroups({ table, load }: Assessment, several: boolean): AssessmentView['groups'] {
  const title = (words: string): string =>
    several ? t('{0}: {1}', words, formatQualifiedName(table.name)) : words;
  return [
    { title: title(t('Table')), facts: tableFacts(table) },
    ...(load === null ? [] : [{ title: title(t('Load')), facts: loadFacts(load) }]),
  ];
}

function tableFacts(table: TableFacts): FactView[] {
  const estimated = table.rows.source !== 'counted';
  return [
    fact(
      t('Rows'),
      count(table.rows.count),
      'neutral',
      estimated ? t('estimated by {0}', table.rows.source) : null,
    ),
    fact(
      t('Size'),
      bytes(table.bytes.total),
      'neutral',
      t(
        'heap {0}, indexes {1}, TOAST {2}',
        bytes(table.bytes.heap),
        bytes(table.bytes.indexes),
        bytes(table.bytes.toast),
      ),
    ),
    table.primaryKey === null
      ? fact(t('Primary key'), t('none'), 'notice', t('Batches walk the table by place instead.'))
      : fact(t('Primary key'), table.primaryKey.join(', ')),
    fact(
      t('Owner'),
      table.owner,
      table.mayAlter ? 'neutral' : 'bad',
      table.mayAlter ? null : t('You may not alter this table.'),
    ),
    fact(t('Columns'), count(table.columns.length)),
    table.partitioning
      ? fact(t('Partitions'), count(table.partitioning.count), 'neutral', table.partitioning.key)
      : fact(t('Partitions'), t('none')),
    fact(
      t('Triggers'),
      table.triggers.length === 0 ? t('none') : table.triggers.map((trigger) => trigger.name).join(', '),
    ),
    fact(
      t('Publications'),
      table.publications.length === 0
        ? t('none')
        : table.publications.map((publication) => publication.name).join(', '),
    ),
  ];
}

function detailTables(assessment: Assessment): ListTable[] {
  const tables = assessedTables(assessment).map(({ table }) => table);
  const constraints = tables.flatMap((table) => table.constraints);
  const keys = new Map(
    tables
      .flatMap((table) => [...table.foreignKeysOut, ...table.foreignKeysIn])
      .map((key) => [JSON.stringify(key), key]),
  );
  return [
    dependentTable(assessment),
    {
      title: t('Foreign keys'),
      headers: [t('Name'), t('From'), t('To'), t('State')],
      rows: [...keys.values()].map((key) => [
        key.name,
        `${formatQualifiedName(key.from)} (${key.fromColumns.join(', ')})`,
        `${formatQualifiedName(key.to)} (${key.toColumns.join(', ')})`,
        key.validated ? t('validated') : t('not validated'),
      ]),
      empty: t('None in either direction.'),
    },
    {
      title: t('Indexes'),
      headers: [t('Name'), t('Definition'), t('Size')],
      rows: tables
        .flatMap((table) => table.indexes)
        .map((index) => [
          index.name.name,
          index.valid ? index.definition : t('{0} (invalid)', index.definition),
          bytes(index.bytes),
        ]),
      empty: t('None.'),
    },
    {
      title: t('Constraints'),
      headers: [t('Name'), t('Definition')],
      rows: constraints.map((constraint) => [constraint.name, constraint.definition]),
      empty: t('None.'),
    },
  ];
}

/** All that was followed; for a change of nothing that is there what depends on the table's columns. */
function dependentTable(assessment: Assessment): ListTable {
  const { dependencies } = assessment;
  const shown = { title: t('Dependents'), empty: t('Nothing depends on it.') };
  if (dependencies === null) {
    const rows = assessedParts(assessment).flatMap((part) => rowsOfDependents(dependentsNearChange(part)));
    return { ...shown, headers: [t('Kind'), t('Name'), t('Uses')], rows };
  }
  const rows = dependentRows(dependencies).map(({ kind, name, how }) => [kind, name, how]);
  return { ...shown, headers: [t('Kind'), t('Name'), t('How')], rows };
}

function rowsOfDependents(dependents: Dependents): string[][] {
  const uses = (item: { columns: string[] }): string => item.columns.join(', ');
  return [
    ...dependents.views.map((view) => [
      view.kind === 'view' ? t('view') : t('materialized view'),
      formatQualifiedName(view.name),
      uses(view),
    ]),
    ...dependents.routines.map((routine) => [
      routine.kind,
      routine.signature,
      routine.certain ? uses(routine) : t('{0} (by its text)', uses(routine)),
    ]),
    ...dependents.policies.map((policy) => [t('policy'), policy.name, uses(policy)]),
    ...dependents.generatedColumns.map((column) => [t('generated column'), column.column, uses(column)]),
    ...dependents.triggers.map((trigger) => [t('trigger'), trigger.name, uses(trigger)]),
    ...dependents.statistics.map((item) => [t('statistics'), formatQualifiedName(item.name), uses(item)]),
    ...dependents.expressionIndexes.map((index) => [
      t('index'),
      formatQualifiedName(index.name),
      uses(index),
    ]),
    ...dependents.checks.map((check) => [t('check'), check.name, uses(check)]),
    ...dependents.rules.map((rule) => [t('rule'), rule.name, uses(rule)]),
    ...dependents.sequences.map((sequence) => [
      t('sequence'),
      formatQualifiedName(sequence.name),
      uses(sequence),
    ]),
  ];
}
