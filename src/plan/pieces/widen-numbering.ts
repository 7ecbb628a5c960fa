import { rangeOf, type WideType } from '../../assess/widened-key-type';
import type { Numbering } from '../../assess/widened-key-numbering';
import { freeName } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import type { WidenedColumn, WidenedPlace } from './widen-parts';

/**
 * Defaults, identity and sequences move to the wide columns, which have their names already. A sequence that is part of
 * an identity cannot change hands: one that goes on at the same number takes its place.
 */
export function moveNumbering(place: WidenedPlace, type: WideType): string[] {
  return place.columns.flatMap((column) => {
    const relation = formatQualifiedName(place.table.name);
    return [
      ...moveDefault(relation, column, column.facts.name, column.beside),
      ...ofColumn(place, column).flatMap((each) =>
        each.by === 'identity'
          ? moveIdentity(place, column, each, { to: column.facts.name, from: column.beside, wide: true })
          : [sequenceType(each, type, ownerOf(relation, each, column.facts.name))],
      ),
    ];
  });
}

/** The same backwards, as statements of a block, while the wide columns still have the names. */
export function moveNumberingBack(place: WidenedPlace): string[] {
  return place.columns.flatMap((column) => {
    const relation = formatQualifiedName(place.table.name);
    return [
      ...moveDefault(relation, column, column.beside, column.facts.name),
      ...ofColumn(place, column).flatMap((each) =>
        each.by === 'identity'
          ? moveIdentity(place, column, each, { to: column.beside, from: column.facts.name, wide: false })
          : [sequenceType(each, each.type, ownerOf(relation, each, column.beside))],
      ),
    ];
  });
}

function ofColumn({ numbering }: WidenedPlace, { facts }: WidenedColumn): Numbering[] {
  return numbering.filter(({ column }) => column === facts.name);
}

function moveDefault(relation: string, { facts }: WidenedColumn, to: string, from: string): string[] {
  if (facts.default === null) return [];
  const alter = (name: string): string => `ALTER TABLE ${relation} ALTER COLUMN ${formatIdentifier(name)}`;
  return [`${alter(to)} SET DEFAULT ${facts.default}`, `${alter(from)} DROP DEFAULT`];
}

function ownerOf(relation: string, { by }: Numbering, column: string): string {
  return by === 'owned' ? ` OWNED BY ${relation}.${formatIdentifier(column)}` : '';
}

/** A limit that was the type's own follows the type: https://www.postgresql.org/docs/current/sql-altersequence.html */
function sequenceType({ sequence }: Numbering, type: string, owner: string): string {
  return `ALTER SEQUENCE ${formatQualifiedName(sequence)} AS ${type}${owner}`;
}

function moveIdentity(
  place: WidenedPlace,
  { facts }: WidenedColumn,
  numbering: Numbering,
  way: { to: string; from: string; wide: boolean },
): string[] {
  const { sequence } = numbering;
  return passIdentity(numbering, {
    relation: formatQualifiedName(place.table.name),
    always: facts.identity === 'always',
    from: way.from,
    to: way.to,
    passing: { schema: sequence.schema, name: freeName(sequence.name, '_switchback', place.takenNames) },
    options: way.wide ? sequenceOptions(numbering, rangeOf(facts.type)) : sequenceOptions(numbering),
    call: way.wide ? 'SELECT' : 'PERFORM',
  });
}

/** A new sequence that is like the old one, goes on where that is and gets its name, as the identity of another column. */
export function passIdentity(
  numbering: Numbering,
  way: {
    relation: string;
    always: boolean;
    from: string;
    to: string;
    /** What the new one is called until the old one is gone. */
    passing: QualifiedName;
    options: string;
    /** PERFORM in a block. */
    call: 'SELECT' | 'PERFORM';
  },
): string[] {
  const { sequence } = numbering;
  const passing = formatQualifiedName(way.passing);
  const alter = (column: string): string =>
    `ALTER TABLE ${way.relation} ALTER COLUMN ${formatIdentifier(column)}`;
  return [
    // Locks it until the end, so that nobody takes a number that is then given again.
    `ALTER SEQUENCE ${formatQualifiedName(sequence)} INCREMENT BY ${numbering.increment}`,
    `${alter(way.to)} ADD GENERATED ${way.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY (SEQUENCE NAME ${passing} ${way.options})`,
    `${way.call} pg_catalog.setval(${quoteLiteral(passing)}, last_value, is_called) FROM ${formatQualifiedName(sequence)}`,
    `${alter(way.from)} DROP IDENTITY`,
    `ALTER SEQUENCE ${passing} RENAME TO ${formatIdentifier(sequence.name)}`,
    ...remarks(numbering, sequence),
  ];
}

/** All options of a sequence. `own`: the range of the type, whose limits are left to the new type. */
export function sequenceOptions(numbering: Numbering, own?: { low: string; high: string }): string {
  const { start, increment, minimum, maximum, cache, cycle } = numbering;
  const least = minimum === own?.low ? 'NO MINVALUE' : `MINVALUE ${minimum}`;
  const greatest = maximum === own?.high ? 'NO MAXVALUE' : `MAXVALUE ${maximum}`;
  return (
    `START WITH ${start} INCREMENT BY ${increment} ${least} ${greatest} ` +
    `CACHE ${cache} ${cycle ? 'CYCLE' : 'NO CYCLE'}`
  );
}

function remarks({ comment, privileges, defaultGrantees }: Numbering, sequence: QualifiedName): string[] {
  const name = formatQualifiedName(sequence);
  const role = (grantee: string): string => (grantee === 'public' ? 'PUBLIC' : formatIdentifier(grantee));
  return [
    ...defaultGrantees.map((grantee) => `REVOKE ALL ON SEQUENCE ${name} FROM ${role(grantee)}`),
    ...privileges.map(
      ({ grantee, privilege, grantable }) =>
        `GRANT ${privilege} ON SEQUENCE ${name} TO ${role(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`,
    ),
    ...(comment === null ? [] : [`COMMENT ON SEQUENCE ${name} IS ${quoteLiteral(comment)}`]),
  ];
}
