import { t } from '../../messages/translate';
import type { BackfillSpec } from '../../plan/plan';
import { formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { clampRows } from '../batch-size';
import { batchWrite } from '../backfill-write';
import { needsNoTransaction } from '../statement-effect';
import { statementEffectSql } from '../statement-effect-sql';
import type { ScriptSet, ScriptStep } from './script-set';

/** A file of the scripts that is rendered from a template. */
export interface ScriptText {
  /** Relative to the folder of the scripts. */
  name: string;
  template: string;
  context: object;
}

/** The psql files of one step's own: statements that refuse a transaction, or the batches of a backfill. */
export function stepScripts(set: ScriptSet, step: ScriptStep, parser: SqlParser): ScriptText[] {
  const texts: ScriptText[] = [];
  if (step.outside) {
    texts.push(outsideText(step, 'forward', step.outside.forward, parser));
    if (step.rollback === 'sql') texts.push(outsideText(step, 'rollback', step.outside.rollback, parser));
  }
  if (step.backfill) texts.push(...backfillTexts(set, step, step.backfill));
  return texts;
}

function outsideText(
  step: ScriptStep,
  direction: 'forward' | 'rollback',
  sql: string,
  parser: SqlParser,
): ScriptText {
  const statements = parser.parse(sql).statements.map((statement) => ({
    sql: statement.text.trim().replace(/;$/, ''),
    effect: statementEffectSql(statement),
    waits: needsNoTransaction(statement),
  }));
  const title = direction === 'forward' ? step.title : t('Takes back: {0}', step.title);
  return {
    name: `sql/${step.id}.${direction}.sql`,
    template: 'scripts/sql/outside.sql.hbs',
    context: { title, statements },
  };
}

function backfillTexts(set: ScriptSet, step: ScriptStep, spec: BackfillSpec): ScriptText[] {
  const write = batchWrite(spec);
  const context = {
    title: step.title,
    plan: set.id,
    step: step.id,
    table: qualified(spec),
    write,
    pending: spec.pending ?? 'true',
    hasPending: spec.pending !== null,
    key: spec.walk.by === 'key' ? spec.walk.columns : [],
    keyNames: spec.walk.by === 'key' ? spec.walk.columns.join(', ') : '',
    batchMilliseconds: Math.max(set.options.batchMilliseconds, 1),
    // A walk by place counts pages: few at first, it grows by itself.
    firstUnits: spec.walk.by === 'key' ? clampRows(set.options.batchRows) : 8,
    tag: dollarTag(`${Object.values(write).join(' ')} ${spec.pending ?? ''} ${qualified(spec)} ${set.id}`),
  };
  return (['start', 'status', 'batch', 'close', 'place'] as const).map((part) => ({
    name: `sql/${step.id}.${part}.sql`,
    template: `scripts/sql/backfill-${part}.sql.hbs`,
    context,
  }));
}

/** Always quoted: what to_regclass reads back as exactly this name. */
function qualified(spec: BackfillSpec): string {
  const { schema, name } = spec.table;
  return schema === ''
    ? formatQualifiedName(spec.table)
    : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A dollar quote that no text ends: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-DOLLAR-QUOTING */
function dollarTag(text: string): string {
  let tag = '$switchback$';
  for (let number = 2; text.includes(tag); number += 1) tag = `$switchback${number}$`;
  return tag;
}
