import type { ConstraintPart, IndexPart } from '../../assess/change-facts';
import type { ConstraintFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { acceptFinding } from './accepted-finding';
import { inTablespace, restorePart } from './index-parts';

/** Statements that bring a CHECK or foreign key back that was proved, and the parts that were, to be proved again. */
export interface ProvedAgain {
  unproved: string[];
  proved: ConstraintPart[];
}

/** Whether its index can be built CONCURRENTLY: not that of an exclusion or of a key WITHOUT OVERLAPS. */
export function isBuiltBeside({ kind }: ConstraintFacts, parts: readonly IndexPart[]): boolean {
  return kind !== 'exclusion' && parts.every(({ definition }) => definition.includes(' USING btree ('));
}

/** `NOT VALID` where a server takes it: what is not enforced is never proved. */
function notValid(definition: string): string {
  return / NOT (?:VALID|ENFORCED)$/.test(definition) ? definition : `${definition} NOT VALID`;
}

/** A CHECK or foreign key that was never proved, in its place again. */
export function unprovedAgain({ definition }: ConstraintFacts, parts: readonly ConstraintPart[]): string[] {
  return [
    ...parts.slice(0, 1).map(({ table, name }) => add(table, name, notValid(definition))),
    ...parts.flatMap(commented),
  ];
}

/** A CHECK or foreign key as it holds for new rows only, and what is to be proved then. */
export function provedAgain(constraint: ConstraintFacts, parts: readonly ConstraintPart[]): ProvedAgain {
  const [first] = parts;
  if (first === undefined) return { unproved: [], proved: [] };
  return {
    unproved: [addUnproved(first, constraint.definition), ...parts.flatMap(commented)],
    proved: constraint.validated ? [first] : parts.filter(({ validated }) => validated),
  };
}

/** Whether parts of a foreign key bear names of their own: only each of them, proved, and the whole of them brings those back. */
export function isJoined({ kind, validated }: ConstraintFacts, parts: readonly ConstraintPart[]): boolean {
  return kind === 'foreign-key' && validated && parts.some(({ leaf }) => !leaf);
}

/** Each partition's own, proved, which those of the whole take without reading a row. */
export function foreignKeyFromBelow(
  { definition }: ConstraintFacts,
  parts: readonly ConstraintPart[],
): string[] {
  const upwards = [...parts].reverse();
  return [
    ...upwards.filter(({ leaf }) => leaf).flatMap((part) => [addUnproved(part, definition), validate(part)]),
    ...upwards.filter(({ leaf }) => !leaf).map((part) => add(part.table, part.name, definition)),
    ...parts.flatMap(commented),
  ];
}

/** VALIDATE CONSTRAINT of a part. */
export function validate({ table, name }: ConstraintPart): string {
  return `ALTER TABLE ${formatQualifiedName(table)} VALIDATE CONSTRAINT ${formatIdentifier(name)}`;
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

/** Rules whose findings on what attachKey gives for a partitioned table are weighed, where it is one statement. */
export function keyAccepts({ partitioning }: TableFacts): string[] {
  if (partitioning === null) return [];
  return [
    'lock-order',
    'statement-after-access-exclusive',
    'unique-constraint-builds-index',
    'primary-key-builds-index',
  ];
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

function commented({ table, name, comment }: Pick<ConstraintPart, 'table' | 'name' | 'comment'>): string[] {
  if (comment === null) return [];
  return [
    `COMMENT ON CONSTRAINT ${formatIdentifier(name)} ON ${formatQualifiedName(table)} IS ${quoteLiteral(comment)}`,
  ];
}
