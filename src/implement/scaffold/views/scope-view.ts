import type { Assessment } from '../../../assess/assessment';
import { assessedParts, assessedTables } from '../../../assess/assess-together';
import { concernedReferences } from '../../../assess/code-references';
import type { ScopeSection } from '../../../documents/plan-document';
import type { ScopeAnswers } from '../../../documents/scope-answers';
import { t } from '../../../messages/translate';
import { plannedScope } from '../../../plan/planned-scope';
import type { Plan } from '../../../plan/plan';
import { formatQualifiedName } from '../../../sql/identifier';
import { bytesText } from '../../../templates/bytes-text';
import { countText, rowsText } from '../../../templates/rows-text';
import { dependentsOfChange } from '../../../assess/dependents-of-change';
import { dependencyGraph } from './dependency-graph';
import { dependentLists, scopeNumbers, statementRows } from './scope-numbers';

const codeReferenceLimit = 25;

/** Whom and what the change concerns: what people said of it, else what was found. */
export function scopeSection(plan: Plan, assessment: Assessment, answers: ScopeAnswers): ScopeSection {
  const { codeReferences, change } = assessment;
  const concerned = concernedReferences(codeReferences, change);
  const shown = concerned.slice(0, codeReferenceLimit);
  const more = concerned.length - shown.length;
  return {
    takenAt: assessment.takenAt,
    rows: scopeRows(plan, assessment, answers),
    numbers: scopeNumbers(assessment),
    statements: statementRows(assessment),
    dependents: assessedParts(assessment).flatMap((part) => dependentLists(dependentsOfChange(part))),
    graph: dependencyGraph(assessment),
    codeReferences: shown.map(({ path, line, text }) => ({ path, line, text: text.trim() })),
    codeReferencesMore:
      more > 0
        ? t('{0} more', countText(more))
        : codeReferences.truncated
          ? t('others: the search stopped at its limit')
          : null,
  };
}

function scopeRows(plan: Plan, assessment: Assessment, answers: ScopeAnswers): ScopeSection['rows'] {
  const found = plannedScope(assessment, plan);
  const row = (
    what: string,
    said: string | null,
    proposal: string,
    source: string,
  ): ScopeSection['rows'][number] =>
    said === null
      ? { what, answer: proposal, source }
      : { what, answer: said.trim(), source: t('said by the author of the plan') };
  return [
    row(t('Systems'), answers.systems, found.systems, t('sessions and code, at the assessment')),
    row(t('Users'), answers.users, found.users, t('sessions, at the assessment')),
    {
      what: t('Data volume'),
      answer: assessedTables(assessment).map(dataVolume).join('; '),
      source: t('the catalog of the database'),
    },
    row(t('Expected downtime'), answers.downtime, found.downtime, t('the locks each step takes')),
  ];
}

function dataVolume({ table, server }: Assessment): string {
  const rows =
    table.rows.source === 'unknown'
      ? t('a number of rows not known')
      : rowsText(Math.round(table.rows.count));
  return t(
    '{0} in {1}: {2}, and {3} of indexes, of a database of {4}',
    rows,
    formatQualifiedName(table.name),
    bytesText(table.bytes.heap + table.bytes.toast),
    bytesText(table.bytes.indexes),
    bytesText(server.databaseBytes),
  );
}
