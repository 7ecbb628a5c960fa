import type { Catalog, CatalogObject } from '../catalog/catalog';
import { t } from '../messages/translate';
import { stepsBetween } from './inverse';
import { readObjectName } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';
import { rowsLostNote } from './lost-notes';

/** What makes a schema, and what of it cannot be made so. */
export interface SchemaScript {
  /** In no order: `inOrder` gives one. They want `check_function_bodies` off. */
  steps: ReverseStep[];
  /** Sentences. */
  notes: string[];
}

/** Whose of a schema's roles are given what they have; what everybody may do stays with all of them. */
export type RolesKept = 'all' | 'not owners' | 'none';

/**
 * The statements that make a schema in a database that has `present` only, which may be on a server that does not have all
 * its roles.
 */
export function schemaScript(present: Catalog, wanted: Catalog, roles: RolesKept): SchemaScript {
  const [from, to] = [withRoles(present, roles), withRoles(wanted, roles)];
  const found: string[] = [];
  const parents = parentsIn(to);
  const steps = stepsBetween(from, to, { note: (sentence) => void found.push(sentence) });
  // A schema has no rows, and no numbers given out.
  const aboutRows = new Set(
    Object.entries(to.objects).flatMap(([object, { properties }]) => {
      const name = readObjectName(object)?.name ?? '';
      return [
        rowsLostNote(name),
        t(
          'Sequence {0} begins at {1} again: set it where rows hold later numbers.',
          name,
          properties['start'] ?? '',
        ),
      ];
    }),
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

function withRoles(catalog: Catalog, kept: RolesKept): Catalog {
  if (kept === 'all') return catalog;
  const objects = Object.entries(catalog.objects).filter(
    ([object]) => kept === 'not owners' || !object.startsWith('default privileges of '),
  );
  return {
    major: catalog.major,
    objects: Object.fromEntries(objects.map(([object, of]) => [object, objectWithRoles(of, kept)])),
  };
}

function objectWithRoles({ properties, parts, columnOrder }: CatalogObject, kept: RolesKept): CatalogObject {
  const { owner: _, ...rest } = properties;
  const isKept = (part: string): boolean =>
    !part.startsWith('privileges of ') ||
    part === 'privileges of public' ||
    (kept === 'not owners' && part !== 'privileges of the owner');
  const others = Object.entries(parts).filter(([part]) => isKept(part));
  return {
    properties: rest,
    parts: Object.fromEntries(others.map(([part, of]) => [part, kept === 'none' ? withoutRoles(of) : of])),
    columnOrder,
  };
}

function withoutRoles(properties: Record<string, string>): Record<string, string> {
  const kept = Object.entries(properties).filter(([name]) => !/^privilege \S+ of (?!public$)/.test(name));
  return Object.fromEntries(kept);
}
