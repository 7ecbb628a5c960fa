import type { NewColumnFacts } from '../../assess/change-facts';
import type { AddRequiredColumn } from '../../assess/changes/add-required-column';
import { countCodeReferences } from '../../assess/code-references';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';
import { fillTrigger, type FilledColumn, type FillTrigger } from './fill-trigger';
import { constraintNames, notNullProof, type NotNullProof } from './not-null-proof';
import { freeName } from '../../sql/free-name';
import { newColumnPublicationNotes } from './publication-notes';
import { isRewrittenQuickly } from './quick-rewrite';
import { renameInExpression } from './rename-in-definition';
import type { SqlParser } from '../../sql/parser';

/**
 * How the column is added. `at-once`: one ADD COLUMN ... NOT NULL DEFAULT. `default`: nullable, then the
 * default, then a backfill. `trigger`: nullable, filled by a trigger, then a backfill.
 */
export type RequiredWay = 'at-once' | 'default' | 'trigger';

/** Everything the change makes, decided once, so that its phases agree. */
export interface RequiredParts {
  change: AddRequiredColumn;
  table: TableFacts;
  options: PlanOptions;
  codeReferences: number;
  way: RequiredWay;
  /** The type the column gets; for a domain with constraints its base type. */
  type: string;
  /** Whether every row would get a domain's own default unless the column is added with DEFAULT NULL. */
  typeHasDefault: boolean;
  /** Whether ADD COLUMN rewrites the table; only ever a small one. */
  rewrites: boolean;
  /** A domain's checks as constraints of the table. */
  checks: { name: string; definition: string }[];
  fill: FillTrigger | null;
  notNull: NotNullProof;
  notes: string[];
}

/** Decides the way, names and copies from what the assessment found. */
export function requiredParts(context: RecipeContext<AddRequiredColumn>): RequiredParts {
  const { change, assessment, options, parser } = context;
  const { table } = assessment;
  const facts = assessment.newColumn ?? unknownColumn(change);
  const major = assessment.server.major;
  const way = wayOf(change, facts);
  const direct = facts.domain === null || (way === 'at-once' && isRewrittenQuickly(table));
  const notNull: NotNullProof =
    way === 'at-once' ? { steps: [], cleanUp: [] } : notNullProof(table, change.column, major);
  return {
    change,
    table,
    options,
    codeReferences: countCodeReferences(assessment.codeReferences, change).places,
    way,
    type: direct ? facts.type : facts.domain!.baseType,
    typeHasDefault: direct && facts.typeHasDefault === true,
    rewrites: direct && facts.domain !== null,
    checks: direct ? [] : domainChecks(parser, table, change, facts),
    fill: way === 'trigger' ? fillTrigger(table, filledColumn(change), facts.schemas, major) : null,
    notNull,
    notes: notesOf(change, table, facts, way, direct, major),
  };
}

/** What the fill trigger computes. */
export function filledColumn({ column, fill }: AddRequiredColumn): FilledColumn {
  return { column, expression: fill.expression };
}

/** Without the server's answer the careful way: as if the expression were volatile. */
function unknownColumn(change: AddRequiredColumn): NewColumnFacts {
  return { type: change.type, volatility: 'volatile', columns: [], schemas: [], domain: null };
}

function wayOf(change: AddRequiredColumn, facts: NewColumnFacts): RequiredWay {
  if (change.fill.by === 'expression') return 'trigger';
  return facts.volatility === 'volatile' ? 'default' : 'at-once';
}

function domainChecks(
  parser: SqlParser,
  table: TableFacts,
  change: AddRequiredColumn,
  facts: NewColumnFacts,
): RequiredParts['checks'] {
  const taken = constraintNames(table);
  return (facts.domain?.checks ?? []).map((check) => {
    const name = freeName(`${table.name.name}_${change.column}`, '_check', taken);
    taken.add(name);
    const condition = check.definition.replace(/^CHECK /, '').replace(/ NOT VALID$/, '');
    return {
      name,
      definition: `CHECK ${renameInExpression(parser, condition, { from: 'value', to: change.column })}`,
    };
  });
}

function notesOf(
  change: AddRequiredColumn,
  table: TableFacts,
  facts: NewColumnFacts,
  way: RequiredWay,
  direct: boolean,
  major: number,
): string[] {
  const column = formatIdentifier(change.column);
  const relation = formatQualifiedName(table.name);
  const notes: string[] = [];
  if (!direct) {
    notes.push(
      t(
        '{0} gets the base type {1} with the checks of the domain {2}: adding a column of a domain with constraints rewrites the whole table under an exclusive lock.',
        column,
        facts.domain!.baseType,
        facts.type,
      ),
    );
  }
  if (way === 'at-once' && facts.volatility === 'stable') {
    notes.push(
      t('The default is computed once: all existing rows get the value of the moment the migration runs.'),
    );
  }
  if (way === 'trigger' && table.partitioning !== null && major < 13) {
    notes.push(
      t(
        'Partitions of {0} made before contract need the trigger too: PostgreSQL 12 does not copy it.',
        relation,
      ),
    );
  }
  if (way !== 'trigger' && !change.keepDefault && direct && facts.typeHasDefault === true) {
    notes.push(
      t(
        'Once the default of {0} is dropped, a row inserted without it gets the one of the domain {1}.',
        column,
        facts.type,
      ),
    );
  }
  return [...notes, ...newColumnPublicationNotes(table, change.column)];
}
