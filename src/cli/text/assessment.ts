import type { Assessment, CodeReference } from '../../assess/assessment';
import { loadLines, statementCostText, statementUseText } from '../../assess/load/load-text';
import { describeChange } from '../../assess/change';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { rowsText } from '../../templates/rows-text';
import { dependencyLines } from './dependencies';
import { researchSections } from './research';
import { formatBytes, formatDuration, section } from './format';

/** An assessment for the terminal. */
export function assessmentText(assessment: Assessment): string {
  const { server, table, load, dependencies, risk, migrationType } = assessment;
  return [
    `${describeChange(assessment.change)}\n`,
    section(t('Database'), [
      `${assessment.database.label} (${assessment.database.environment}), PostgreSQL ${server.version}, ${formatBytes(server.databaseBytes)}`,
      server.replicas === null
        ? t('replicas: not visible to this user')
        : t('replicas: {0}', server.replicas.length),
      t('replication slots: {0}', server.slots.length),
      t('long transactions: {0}', server.longTransactions.length),
      ...server.longTransactions.map(
        (item) => `  pid ${item.pid} ${item.application} ${formatDuration(item.milliseconds)}`,
      ),
    ]),
    section(t('Table {0}', formatQualifiedName(table.name)), [
      t('about {0}, {1}', rowsText(table.rows.count), formatBytes(table.bytes.total)),
      partsOfTable(table),
    ]),
    section(
      t('Load'),
      (load === null ? [] : loadLines(load)).map(({ what, text, note }) =>
        note === null ? `${what}: ${text}` : `${what}: ${text} (${note})`,
      ),
    ),
    section(
      t('Statements that use it'),
      (load?.statements ?? []).map(
        (each) => `${statementCostText(each)}; ${statementUseText(each)}: ${each.text.slice(0, 120)}`,
      ),
    ),
    section(t('Type: {0}', migrationType.title), [
      t(
        'complexity {0}, risk {1}, usually {2}',
        migrationType.complexity,
        migrationType.risk,
        migrationType.duration,
      ),
      migrationType.why,
    ]),
    section(
      t('Risk: {0}', risk.level),
      risk.reasons.map((reason) => `[${reason.level}] ${reason.sentence} (${reason.evidence})`),
    ),
    section(t('Depends on it'), dependencies === null ? [] : dependencyLines(dependencies)),
    section(
      t('Mentioned in the code'),
      assessment.codeReferences.references.map(
        (item) => `${item.path}:${item.line}:${item.column}  ${accessWord(item)}${item.text.trim()}`,
      ),
    ),
    ...(assessment.research ? researchSections(assessment.research) : []),
    section(t('What stops it'), assessment.blockers),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What is done there, where words tell. */
function accessWord({ access }: CodeReference): string {
  switch (access) {
    case 'writes':
      return t('writes: ');
    case 'reads':
      return t('reads: ');
    case 'shape':
      return t('shape: ');
    case 'unknown':
      return '';
  }
}

function partsOfTable(table: Assessment['table']): string {
  const { indexes, foreignKeysOut, foreignKeysIn, triggers, partitioning } = table;
  const partitions = partitioning?.count ?? 0;
  return [
    indexes.length === 1 ? t('1 index') : t('{0} indexes', indexes.length),
    foreignKeysOut.length === 1 ? t('1 foreign key here') : t('{0} foreign keys here', foreignKeysOut.length),
    t('{0} pointing here', foreignKeysIn.length),
    triggers.length === 1 ? t('1 trigger') : t('{0} triggers', triggers.length),
    partitions === 1 ? t('1 partition') : t('{0} partitions', partitions),
  ].join(', ');
}
