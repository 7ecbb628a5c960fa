import type { Assessment, ConstraintPart, IndexPart } from '../../assess/assessment';
import type { ConstraintFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { acceptFinding } from './accepted-finding';
import { acceptInFile } from './accepted-in-file';
import { briefly } from './brief-locks';
import { buildPart, inTablespace, restorePart } from './index-parts';

/** How a dropped constraint gets to its place again. */
export interface WayBack {
  /** `own`: each statement in a transaction of its own, so that what reads rows does it while others go on writing. */
  transactions: 'one' | 'own';
  statements: string[];
}

/** Puts a dropped constraint in its place again as it was. */
export function constraintAgain(
  constraint: ConstraintFacts,
  { constraintParts, indexParts }: Pick<Assessment, 'constraintParts' | 'indexParts'>,
): WayBack {
  if (indexParts !== undefined) {
    return isBuiltBeside(constraint, indexParts)
      ? { transactions: 'own', statements: keyAgain(constraint, indexParts) }
      : { transactions: 'one', statements: builtAgain(constraint, indexParts) };
  }
  const parts = constraintParts ?? [];
  if (parts.every(({ validated }) => !validated))
    return { transactions: 'one', statements: unprovedAgain(constraint, parts) };
  const joined = constraint.kind === 'foreign-key' && constraint.validated && parts.some(({ leaf }) => !leaf);
  const statements = joined ? foreignKeyFromBelow(constraint, parts) : provedAgain(constraint, parts);
  return {
    transactions: 'own',
    statements: acceptInFile(
      ['not-rerunnable'],
      t('what is there already is dropped first, or the whole takes it'),
      statements,
    ),
  };
}

/** Whether its index can be built CONCURRENTLY: not that of an exclusion or of a key WITHOUT OVERLAPS. */
export function isBuiltBeside({ kind }: ConstraintFacts, parts: readonly IndexPart[]): boolean {
  return kind !== 'exclusion' && parts.every(({ definition }) => definition.includes(' USING btree ('));
}

/** `NOT VALID` where a server takes it: what is not enforced is never proved. */
function notValid(definition: string): string {
  return / NOT (?:VALID|ENFORCED)$/.test(definition) ? definition : `${definition} NOT VALID`;
}

function unprovedAgain({ definition }: ConstraintFacts, parts: readonly ConstraintPart[]): string[] {
  return [
    ...parts.slice(0, 1).map(({ table, name }) => add(table, name, notValid(definition))),
    ...parts.flatMap(commented),
  ];
}

function provedAgain(constraint: ConstraintFacts, parts: readonly ConstraintPart[]): string[] {
  const [first] = parts;
  if (first === undefined) return [];
  const unproved = constraint.validated ? [first] : parts.filter(({ validated }) => validated);
  return [
    ...briefly([addUnproved(first, constraint.definition)]),
    ...parts.flatMap(commented),
    ...unproved.map(validate),
  ];
}

/** Each partition's own, proved, which those of the whole take without reading a row. */
function foreignKeyFromBelow({ definition }: ConstraintFacts, parts: readonly ConstraintPart[]): string[] {
  const upwards = [...parts].reverse();
  return [
    ...upwards
      .filter(({ leaf }) => leaf)
      .flatMap((part) => [...briefly([addUnproved(part, definition)]), validate(part)]),
    ...briefly(
      upwards
        .filter(({ leaf }) => !leaf)
        .map((part) =>
          acceptFinding(
            'constraint-not-valid',
            t('no row is read: every partition has its part, proved'),
            add(part.table, part.name, definition),
          ),
        ),
    ),
    ...parts.flatMap(commented),
  ];
}

function keyAgain(constraint: ConstraintFacts, parts: readonly IndexPart[]): string[] {
  return acceptInFile(['not-rerunnable'], t('Switchback skips what is there and drops what is half made'), [
    ...parts.filter(({ leaf }) => leaf).flatMap((part) => buildPart(part)),
    ...briefly(attachKey(constraint, parts)),
    ...parts.flatMap(keyRemarks),
  ]);
}

/**
 * What makes constraints of indexes that are built: of each part its own, then from below those of the whole, which take
 * them without reading a row. `built`: what the index of a part is called until then.
 */
export function attachKey(
  constraint: Pick<ConstraintFacts, 'kind' | 'definition' | 'deferrable' | 'deferred'>,
  parts: readonly IndexPart[],
  built: (part: IndexPart) => string = ({ name }) => name.name,
): string[] {
  const words = constraint.kind === 'unique' ? 'UNIQUE' : 'PRIMARY KEY';
  const own = parts
    .filter(({ leaf }) => leaf)
    .map((part) => {
      const using = `${words} USING INDEX ${formatIdentifier(built(part))}${deferral(constraint)}`;
      return add(part.table, part.name.name, using);
    });
  const wholes = [...parts]
    .reverse()
    .filter(({ leaf }) => !leaf)
    .flatMap((part) =>
      inTablespace(
        part,
        acceptFinding(
          constraint.kind === 'unique' ? 'unique-constraint-builds-index' : 'primary-key-builds-index',
          t('nothing is built: every partition has its part'),
          add(part.table, part.name.name, withOptions(constraint.definition, part.options)),
        ),
      ),
    );
  return [...own, ...wholes];
}

/** ` DEFERRABLE INITIALLY DEFERRED`, as it stands at the end of a constraint; empty where it is checked at once. */
export function deferral({ deferrable, deferred }: Pick<ConstraintFacts, 'deferrable' | 'deferred'>): string {
  if (!deferrable) return '';
  return deferred ? ' DEFERRABLE INITIALLY DEFERRED' : ' DEFERRABLE';
}

/** Comments on the constraint and its index, and that the table is clustered by it. */
export function keyRemarks(part: IndexPart): string[] {
  return [
    ...commented({ table: part.table, name: part.name.name, comment: part.constraintComment }),
    ...restorePart(part),
  ];
}

/** Statements that build a constraint's index under its lock: PostgreSQL knows no other way for some. */
export function builtAgain(
  { kind, definition }: Pick<ConstraintFacts, 'kind' | 'definition'>,
  parts: readonly IndexPart[],
): string[] {
  const rule = {
    exclusion: 'exclusion-constraint',
    unique: 'unique-constraint-builds-index',
    'primary-key': 'primary-key-builds-index',
  }[kind as string]!;
  const reason = t('it was built that way before, and there is no other');
  return [
    ...[...parts].reverse().flatMap((part) => {
      // The definition of an exclusion names its parameters, that of a key does not.
      const whole = kind === 'exclusion' ? definition : withOptions(definition, part.options);
      return inTablespace(part, acceptFinding(rule, reason, add(part.table, part.name.name, whole)));
    }),
    ...parts.flatMap(keyRemarks),
  ];
}

/** Storage parameters stand before what a constraint says of deferral, and its definition leaves them out. */
function withOptions(definition: string, options: readonly string[]): string {
  if (options.length === 0) return definition;
  return definition.replace(/(?= DEFERRABLE(?: INITIALLY DEFERRED)?$|$)/, ` WITH (${options.join(', ')})`);
}

function add(table: QualifiedName, name: string, definition: string): string {
  return `ALTER TABLE ${formatQualifiedName(table)}\n  ADD CONSTRAINT ${formatIdentifier(name)} ${definition}`;
}

/** In one statement with the drop of what a try that broke off may have left. */
function addUnproved({ table, name }: ConstraintPart, definition: string): string {
  const quoted = formatIdentifier(name);
  return (
    `ALTER TABLE ${formatQualifiedName(table)}\n  DROP CONSTRAINT IF EXISTS ${quoted},\n` +
    `  ADD CONSTRAINT ${quoted} ${notValid(definition)}`
  );
}

function validate({ table, name }: ConstraintPart): string {
  return `ALTER TABLE ${formatQualifiedName(table)} VALIDATE CONSTRAINT ${formatIdentifier(name)}`;
}

function commented({ table, name, comment }: Pick<ConstraintPart, 'table' | 'name' | 'comment'>): string[] {
  if (comment === null) return [];
  return [
    `COMMENT ON CONSTRAINT ${formatIdentifier(name)} ON ${formatQualifiedName(table)} IS ${quoteLiteral(comment)}`,
  ];
}
