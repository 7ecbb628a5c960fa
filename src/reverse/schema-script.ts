import type { Catalog, CatalogObject } from '../catalog/catalog';
import { t } from '../messages/translate';
import { stepsBetween } from './inverse';
import { readObjectName } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';

/** What makes a schema, and what of it cannot be made so. */
export interface SchemaScript {
  /** In no order: `inOrder` gives one. They want `check_function_bodies` off. */
  steps: ReverseStep[];
  /** Sentences. */
  notes: string[];
}

/**
 * The statements that make a schema in a database that has `present` only, which may be on another server. With
 * `withoutRoles` nothing is given to roles, which the other server need not have; what everybody may do stays.
 */
export function schemaScript(
  present: Catalog,
  wanted: Catalog,
  options: { withoutRoles?: boolean } = {},
): SchemaScript {
  const [from, to] = options.withoutRoles
    ? [catalogWithoutRoles(present), catalogWithoutRoles(wanted)]
    : [present, wanted];
  const found: string[] = [];
  const parents = parentsIn(to);
  const steps = stepsBetween(from, to, { note: (sentence) => void found.push(sentence) });
  const aboutRows = new Set(
    Object.keys(to.objects).map((object) =>
      t('The rows of {0} do not come back.', readObjectName(object)?.name ?? ''),
    ),
  );
  return {
    steps: steps.map(early).map((step) => ofItself(step, parents)),
    notes: [...new Set(found)].filter((sentence) => !aboutRows.has(sentence)),
  };
}

/** A body in quotes is not looked at: defaults and constraints may call the routine. */
function early(step: ReverseStep): ReverseStep {
  const isQuoted = step.rank === ranks.createLateRoutine && /\nAS \$/.test(step.sql);
  return isQuoted ? { ...step, rank: ranks.createRoutine } : step;
}

function parentsIn({ objects }: Catalog): string[] {
  return Object.values(objects).flatMap(({ properties }) => properties['parents']?.split(', ') ?? []);
}

/** What is set for a column of a parent table would be set for its children too. */
function ofItself(step: ReverseStep, parents: readonly string[]): ReverseStep {
  const parent = parents.find((name) => step.sql.startsWith(`ALTER TABLE ${name} ALTER COLUMN `));
  if (step.rank !== ranks.settings || parent === undefined) return step;
  return { ...step, sql: step.sql.replace('ALTER TABLE ', 'ALTER TABLE ONLY ') };
}

/** Roles that a schema gives something to, as SQL writes them. */
export function rolesOf(catalog: Catalog): string[] {
  const roles = Object.entries(catalog.objects).flatMap(([object, { parts }]) => [
    ...Object.entries(parts).flatMap(([part, properties]) => [
      ...matches(/^privileges of (?!the owner$|public$)(.*)$/, part),
      ...Object.keys(properties).flatMap((name) => matches(/^privilege \S+ of (?!public$)(.*)$/, name)),
      ...(part.startsWith('policy ') ? policyRoles(properties['roles']) : []),
    ]),
    ...matches(/^default privileges of (\S+)/, object),
  ]);
  return [...new Set(roles)].sort();
}

function policyRoles(roles: string | undefined): string[] {
  return (roles ?? '').split(', ').filter((role) => role !== '' && role !== 'public');
}

function matches(pattern: RegExp, text: string): string[] {
  const match = pattern.exec(text);
  return match ? [match[1]!] : [];
}

function catalogWithoutRoles({ major, objects }: Catalog): Catalog {
  const kept = Object.entries(objects).filter(([object]) => !object.startsWith('default privileges of '));
  return { major, objects: Object.fromEntries(kept.map(([object, of]) => [object, objectWithoutRoles(of)])) };
}

function objectWithoutRoles({ properties, parts, columnOrder }: CatalogObject): CatalogObject {
  const { owner: _, ...rest } = properties;
  const kept = Object.entries(parts).filter(
    ([part]) => !part.startsWith('privileges of ') || part === 'privileges of public',
  );
  return {
    properties: rest,
    parts: Object.fromEntries(kept.map(([part, of]) => [part, partWithoutRoles(of)])),
    columnOrder,
  };
}

function partWithoutRoles(properties: Record<string, string>): Record<string, string> {
  const kept = Object.entries(properties).filter(([name]) => !/^privilege \S+ of (?!public$)/.test(name));
  return Object.fromEntries(kept);
}
