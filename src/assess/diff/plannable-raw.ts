import { t } from '../../messages/translate';
import type { KnownSchema } from '../../safety/known-schema';
import { formatQualifiedName } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import type { Session } from '../../database/session';
import type { RawStep } from '../change-facts';
import type { RawSql } from '../changes/raw-sql';
import { findingsOnSteps } from '../raw/findings-on-steps';
import { firstLine, relationsOf } from '../raw/look-at-raw-sql';
import { rawSteps } from '../raw/raw-steps';
import type { SchemaChange } from './changes-between';

/** What is needed to judge SQL that no recipe makes. */
export interface RawGround {
  schema: KnownSchema;
  parser: SqlParser;
  session: Session;
}

/** SQL that one plan could not take, as several of its steps need an answer each, as changes of a step each. */
export function plannableRaw(changes: readonly SchemaChange[], ground: RawGround): SchemaChange[] {
  return changes.flatMap((item) => {
    const { change } = item;
    if (change.kind !== 'raw-sql') return [item];
    const steps = stepsOf(change, ground);
    const isTold =
      steps.length < 2 || steps.every(({ rollback, holds }) => rollback !== null && holds.length > 0);
    if (isTold) return [item];
    return steps.map(({ statements }) => ({
      change: { ...change, sql: statements.join(';\n') },
      statements,
    }));
  });
}

/** Whether Switchback derives the way back from its text. */
export function tellsWayBack(change: RawSql, ground: RawGround): boolean {
  return stepsOf(change, ground).every(({ rollback }) => rollback !== null);
}

/** What a plan of it asks for beside what is said. */
export function asksOf(change: RawSql, ground: RawGround): ('down' | 'proof')[] {
  const steps = stepsOf(change, ground);
  return [
    ...(change.down === null && steps.some(({ rollback }) => rollback === null) ? ['down' as const] : []),
    ...(change.proof === null && steps.some(({ holds }) => holds.length === 0) ? ['proof' as const] : []),
  ];
}

/** Why a plan of it would be refused, as a difference without a recipe; null where it would not, or where that is not known. */
export function refusalOf(change: RawSql, ground: RawGround): string | null {
  const { schema, parser } = ground;
  const named = relationsOf(parser.parse(change.sql));
  // What the changes before it make is not known yet, and what is said of the unknown may not be true.
  const own = /^CREATE (?:UNLOGGED )?TABLE (\S+)/.exec(change.sql)?.[1];
  const isKnown = (name: string): boolean => name === own || schema.relations.has(name);
  if (!named.map(formatQualifiedName).every(isKnown)) return null;
  const [finding] = findingsOnSteps(stepsOf(change, ground), schema, ground);
  return finding === undefined
    ? null
    : t('{0} would be needed, and is not proposed: {1}', firstLine(change.sql), finding);
}

function stepsOf({ sql }: RawSql, { schema, parser, session }: RawGround): RawStep[] {
  return rawSteps(sql, parser.parse(sql), schema, session.facts.major);
}
