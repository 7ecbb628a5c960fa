import { withQualifiedOutput } from '../catalog/qualified-output';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral, type QualifiedName } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { overloadBlockers } from './overloads';
import { isStatementFault, readOnlyRows } from './read-only-query';
import { readRoutines, resolvedTypes, type RoutineRow } from './routine-rows';
import type { Rights } from './rights';
import { keepersOfRoutine, usersOfRoutine } from './routine-users';
import { locksAndFindings } from './routine-locks';
import { isSameDefinition, readRoutineWish, signatureOf, type RoutineWish } from './routine-wish';
import type { StrongestLock } from './strongest-lock';
import { gainedForGood, obstaclesToReplacing } from './routine-shape';

/** A function or procedure that gets another definition, or another one in its place. */
export interface ReplacedRoutine {
  /** Whether CREATE OR REPLACE can do it; otherwise a new one stands beside the old one until that goes. */
  inPlace: boolean;
  /** `schema.name(types)` of the one that is there. */
  signature: string;
  /** CREATE OR REPLACE ... of the one that is there, as pg_get_functiondef gives it, without the end of the line. */
  definition: string;
  rights: Rights;
  comment: string | null;
  /** Extensions with which it goes. */
  goesWith: string[];
  /** CREATE FUNCTION ... of the new one, without OR REPLACE. */
  statement: string;
  /** `schema.name(types)` of the new one. */
  next: string;
  /** The strongest lock that reading the new body takes. */
  lock: StrongestLock | null;
  /** What it gets in place that cannot be taken away from it again. */
  gained: string[];
  /** What uses the old one, as the server calls it. */
  users: string[];
}

export interface RoutineReplacement {
  table: QualifiedName;
  definition: string;
  arguments: string | null;
}

/** How a routine can get that definition, and what stops it. Throws `invalid-input`, `already-done`. Reads only. */
export async function lookAtReplacedRoutine(
  { table: name, definition, arguments: chosen }: RoutineReplacement,
  at: Look,
): Promise<ChangeFindings> {
  const wish = readRoutineWish(definition, at.parser);
  const types = await resolvedTypes(wish, at);
  const isSameName = formatQualifiedName(wish.name) === formatQualifiedName(name);
  const there = await readRoutines(name, at);
  const beside = isSameName ? there : await readRoutines(wish.name, at);
  const twin = beside.find(({ inputs }) => inputs.join() === types.inputs.join()) ?? null;
  const old = meant(there, twin, chosen === null ? null : await chosenRoutine(name, chosen, at), wish);
  const inPlace = twin?.oid === old.oid;
  if (twin !== null && !inPlace)
    refuse(t('There is a {0} already. Give the new one another name or other arguments.', twin.signature));
  if (inPlace && isSameDefinition(old.definition ?? '', wish.statement, at.parser))
    throw new SwitchbackError('already-done', t('{0} has that definition already.', old.signature));
  const { lock, findings } = await locksAndFindings(wish, at);
  const replaced: ReplacedRoutine = {
    inPlace,
    signature: old.signature,
    definition: (old.definition ?? '').trimEnd(),
    rights: {
      owner: old.owner,
      privileges: old.privileges ?? [],
      isDefault: old.privileges === null,
      defaultGrantees: old.defaultGrantees,
    },
    comment: old.comment,
    goesWith: old.goesWith,
    statement: wish.statement,
    next: `${formatQualifiedName(wish.name)}(${types.names.join(', ')})`,
    lock,
    gained: inPlace ? gainedForGood(old, wish) : [],
    users: await namesOf(usersOfRoutine(old.signature), [], at),
  };
  return {
    replacedRoutine: replaced,
    blockers: [
      ...ownBlockers(old, at),
      ...(await schemaBlockers(wish, at)),
      ...(inPlace ? obstaclesToReplacing(old, wish, types) : overloadBlockers(wish, beside)),
      ...(await keeperBlockers(old, inPlace, at)),
      ...findings,
    ],
  };
}

/** The oid of the routine with these argument types; 0 where there is none. */
async function chosenRoutine(name: QualifiedName, types: string, { session, signal }: Look): Promise<string> {
  const rows = await readOnlyRows(
    session,
    `SELECT coalesce(pg_catalog.to_regprocedure(${quoteLiteral(`${formatQualifiedName(name)}(${types})`)})::oid, 0)::text AS oid`,
    signal,
  ).catch((error: unknown) => {
    if (!isStatementFault(error)) throw error;
    return [];
  });
  const oid = rows[0]?.['oid'];
  return typeof oid === 'string' ? oid : '0';
}

/** The one that is to change: the chosen one, the one with these arguments, or the only one. */
function meant(
  there: readonly RoutineRow[],
  twin: RoutineRow | null,
  chosen: string | null,
  wish: RoutineWish,
): RoutineRow {
  const [only, ...others] = there;
  if (chosen !== null) {
    const found = there.find(({ oid }) => oid === chosen);
    return found ?? refuse(noneChosen(there));
  }
  const same = there.find(({ oid }) => oid === twin?.oid);
  if (same) return same;
  if (only && others.length === 0) return only;
  return refuse(
    t(
      'None of them takes what {0} takes: {1}. Say which one goes by its argument types (--arguments).',
      signatureOf(wish),
      there.map(({ signature }) => signature).join(', '),
    ),
  );
}

function noneChosen(there: readonly RoutineRow[]): string {
  return t(
    'No function takes these arguments; there are: {0}.',
    there.map((each) => each.signature).join(', '),
  );
}

function ownBlockers(
  { signature, kind, owner, mayAlter, extension }: RoutineRow,
  { session }: Look,
): string[] {
  return [
    ...(extension === null
      ? []
      : [
          t(
            '{0} belongs to the extension {1}, which would bring its own back. Make a function of another name.',
            signature,
            formatIdentifier(extension),
          ),
        ]),
    ...(kind === 'aggregate'
      ? [
          t(
            '{0} is an aggregate. Create one of another name with CREATE AGGREGATE, and move code there.',
            signature,
          ),
        ]
      : []),
    ...(mayAlter
      ? []
      : [
          t(
            'The user {0} may not replace {1}, which belongs to {2}. Connect as its owner.',
            session.facts.user,
            signature,
            owner,
          ),
        ]),
  ];
}

async function schemaBlockers({ name }: RoutineWish, { session, signal }: Look): Promise<string[]> {
  const { rows } = await session.query<{ may: boolean }>(
    `SELECT pg_catalog.has_schema_privilege(oid, 'CREATE') AS may FROM pg_catalog.pg_namespace WHERE nspname = $1`,
    [name.schema],
    { signal },
  );
  if (rows[0]?.may === true) return [];
  if (!rows[0])
    refuse(
      t('There is no schema {0}. Create it first, or choose another one.', formatIdentifier(name.schema)),
    );
  return [
    t(
      'The user {0} may not create anything in the schema {1}. Ask for CREATE on it, or connect as another user.',
      session.facts.user,
      formatIdentifier(name.schema),
    ),
  ];
}

/** What keeps results of a routine that changes or goes, each with the way out. */
export async function keeperBlockers(
  { oid, signature }: Pick<RoutineRow, 'oid' | 'signature'>,
  inPlace: boolean,
  at: Look,
): Promise<string[]> {
  const keepers = await namesOf(keepersOfRoutine, [oid], at);
  return keepers.map((keeper) =>
    inPlace
      ? t(
          '{0} keeps results of {1}, and would give wrong answers after another definition. Create a function of another name, build that anew with it, and drop the old one.',
          keeper,
          signature,
        )
      : t(
          '{0} keeps results of {1}, which therefore cannot go. Create the new function, build that anew with it, and drop the old one by raw-sql.',
          keeper,
          signature,
        ),
  );
}

async function namesOf(sql: string, values: unknown[], { session, signal }: Look): Promise<string[]> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ name: string }>(sql, values, { signal }),
  );
  return rows.map(({ name }) => name);
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
