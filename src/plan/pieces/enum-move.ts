import type { Assessment } from '../../assess/assessment';
import type { SingleChange } from '../../assess/change';
import type { ChangeColumnType } from '../../assess/changes/change-column-type';
import { enumCasts } from '../../assess/enum-literals';
import type { EnumMoveFacts } from '../../assess/enum-move-facts';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { Check, Verification } from '../plan';
import type { RecipeContext } from '../recipe';
import { ownTypeOf } from './own-type-facts';
import { columnExists, holdsQuery, regclass, sqlScript } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';
import { typeBlockers } from './type-blockers';
import { typeContract } from './type-contract';
import { typeExpand } from './type-expand';
import { typeMigrate } from './type-migrate';
import { typeParts, type TypeParts } from './type-parts';

/** A column that leaves its enum for another type, beside it and then in its place. */
export interface EnumMove {
  parts: TypeParts;
  /** The type as it is called in the end, as SQL names it. */
  finalType: string;
  /** Statements around the column that is added beside, and on the way back. */
  added: { before: string[]; backAfter: string[] };
  /** Statements of the exchange, behind that of the names, and before it on the way back. */
  swapped: { after: string[]; backBefore: string[] };
  /** SQL conditions that are true from the exchange on and not before. */
  holds: string[];
  /** Statements behind those that drop the old values. */
  dropped: string[];
}

/** What the recipes say of the type that takes the enum's place. */
export interface EnumSuccessor {
  table: QualifiedName;
  column: string;
  /** As SQL names it before the exchange. */
  type: string;
  /** SQL over the row that gives the new value. */
  forward: string;
  /** SQL over the row with the new value that gives the old one, after the exchange. */
  back: string;
}

/** What is known of the enum, which the change's look has read. */
export function enumMoveOf({ enumMove }: Pick<Assessment, 'enumMove'>): EnumMoveFacts {
  if (enumMove === undefined) throw new Error('nobody looked at the enum');
  return enumMove;
}

/** What stops the column from moving, each with the way out. */
export function enumMoveBlockers(
  { table, column }: { table: QualifiedName; column: string },
  assessment: Assessment,
): string[] {
  return typeBlockers(typeChange({ table, column, type: '' }), assessment);
}

/** Names and copies of a change of type, with all that spells values of the enum said of the new type. */
export function enumMoveParts(context: RecipeContext<SingleChange>, successor: EnumSuccessor): TypeParts {
  const { assessment, parser } = context;
  const { type, forward, back } = successor;
  const facts = {
    type,
    inPlace: false,
    forward,
    back,
    lossyRows: null,
    // Its recipes say what becomes of values that one of the types does not have.
    widening: true,
    collatable: false,
    schemas: [],
  };
  const parts = typeParts({
    ...context,
    change: typeChange(successor),
    assessment: { ...assessment, typeChange: facts },
  });
  const { name } = ownTypeOf(assessment);
  return {
    ...parts,
    // It has a default of its own, which is set with the exchange.
    column: { ...parts.column, default: null },
    constraints: parts.constraints.map((copy) => ({
      ...copy,
      definition: retyped(parser, 'ALTER TABLE x ADD ', copy.definition, name, type),
    })),
    statistics: parts.statistics.map((copy) => ({
      ...copy,
      definition: retyped(parser, '', copy.definition, name, type),
    })),
  };
}

/** The column beside and its trigger, with what they need before. */
export function addBeside({ parts, added }: EnumMove): StepDraft {
  return withStatements(typeExpand(parts).steps[0]!, { before: added.before, backAfter: added.backAfter });
}

/** The steps of the phase in the middle, in the order they go in. */
export interface EnumMoveSteps {
  /** The backfill and all the column has, without NOT NULL. */
  fill: StepDraft[];
  notNull: StepDraft[];
  swap: StepDraft;
  wait: StepDraft;
}

/** All that lies between the first step and the last ones, apart from releases. */
export function enumMoveSteps({ parts, swapped, holds, finalType }: EnumMove): EnumMoveSteps {
  const { steps } = typeMigrate({ ...parts, notNull: { ...parts.notNull, steps: [] } });
  const release = steps.findIndex(({ kind }) => kind === 'deploy');
  const [swap, wait] = steps.slice(release + 1);
  const column = formatIdentifier(parts.change.column);
  return {
    fill: steps.slice(0, release),
    notNull: parts.notNull.steps,
    swap: withStatements(swap!, {
      after: swapped.after,
      backBefore: swapped.backBefore,
      verification: {
        sql: holdsQuery(...holds, columnExists(parts.table.name, parts.beside)),
        expectation: t(
          '{0} is of the type {1}, and the old values are in {2}.',
          column,
          finalType,
          formatIdentifier(parts.beside),
        ),
      },
    }),
    wait: wait!,
  };
}

/** Looks whether the new type is in use, then drops the old values and what only they needed. */
export function enumMoveContract({ parts, holds, finalType, dropped }: EnumMove): PhaseDraft {
  const { table, beside, change } = parts;
  const phase = typeContract({ ...parts, facts: { ...parts.facts, type: finalType } });
  const [look, drop] = phase.steps;
  const column = formatIdentifier(change.column);
  const verification = {
    sql: holdsQuery(...holds),
    expectation: t('{0} is of the type {1}.', column, finalType),
  };
  const check: Check = {
    id: 'swapped',
    title: verification.expectation,
    sql: `SELECT ${[...holds, columnExists(table.name, beside)].join('\n   AND ')} AS holds, ${quoteLiteral(finalType)} AS detail`,
  };
  return {
    ...phase,
    steps: [
      { ...look!, checks: [check], verification } as StepDraft,
      withStatements(drop!, {
        after: dropped,
        verification: {
          sql: holdsQuery(`NOT ${columnExists(table.name, beside)}`, ...holds),
          expectation: t(
            '{0} is gone, and {1} is of the type {2}.',
            formatIdentifier(beside),
            column,
            finalType,
          ),
        },
      }),
    ],
  };
}

/** SQL that is true where the column is of the type, however the server spells it. */
export function columnHasType(table: QualifiedName, column: string, type: string): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = ${regclass(table)} AND attname = ${quoteLiteral(column)} ` +
    `AND NOT attisdropped AND atttypid = pg_catalog.to_regtype(${quoteLiteral(type)}))`
  );
}

/** Statements that set the default of the column to another value, and those that put the old one back beside. */
export function moveDefault(
  { table, beside, change }: TypeParts,
  defaults: { before: string; after: string } | null,
): { after: string[]; back: string[]; backBefore: string[] } {
  if (defaults === null) return { after: [], back: [], backBefore: [] };
  const alter = (column: string): string =>
    `ALTER TABLE ${formatQualifiedName(table.name)} ALTER COLUMN ${formatIdentifier(column)}`;
  return {
    after: [`${alter(beside)} DROP DEFAULT`, `${alter(change.column)} SET DEFAULT ${defaults.after}`],
    backBefore: [`${alter(change.column)} DROP DEFAULT`],
    back: [`${alter(beside)} SET DEFAULT ${defaults.before}`],
  };
}

function typeChange({
  table,
  column,
  type,
}: Pick<EnumSuccessor, 'table' | 'column' | 'type'>): ChangeColumnType {
  return { kind: 'change-column-type', table, column, type, using: null, back: null };
}

function retyped(parser: SqlParser, head: string, text: string, from: QualifiedName, to: string): string {
  const statement = head + text;
  const casts = enumCasts(parser, statement, from).sort((one, other) => other.start - one.start);
  return casts
    .reduce((result, { start, end }) => result.slice(0, start) + to + result.slice(end), statement)
    .slice(head.length);
}

interface MoreStatements {
  before?: string[];
  after?: string[];
  backBefore?: string[];
  backAfter?: string[];
  verification?: Verification;
}

function withStatements(step: StepDraft, more: MoreStatements): StepDraft {
  if (step.kind !== 'migration') throw new Error(`${step.slug} is no migration`);
  const { before = [], after = [], backBefore = [], backAfter = [], verification } = more;
  return {
    ...step,
    forward: scripts(before, step.forward, after),
    rollback:
      step.rollback.kind === 'sql'
        ? { kind: 'sql', sql: scripts(backBefore, step.rollback.sql, backAfter) }
        : step.rollback,
    verification: verification ?? step.verification,
  };
}

function scripts(before: string[], own: string, after: string[]): string {
  return [sqlScript(before), own, sqlScript(after)].filter((script) => script !== '').join('\n');
}
