import type { EnumMoveFacts } from '../../assess/enum-move-facts';
import type { OwnType } from '../../assess/own-type';
import { freeName } from '../../sql/free-name';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { rightsAgain } from './rights-again';

/** An enum that is made anew beside the one there is, and gets its name. */
export interface EnumAgain {
  original: QualifiedName;
  /** The new one until the exchange, and the old one from then on. */
  beside: QualifiedName;
  create: string[];
  /** Their names are exchanged; the same statements take it back. */
  exchange: string[];
}

/** The enum with other values, its comment, owner and rights. */
export function enumAgain(
  { name }: OwnType,
  { comment, rights, takenTypes }: EnumMoveFacts,
  values: readonly string[],
): EnumAgain {
  const taken = new Set(takenTypes);
  const beside = { schema: name.schema, name: freeName(name.name, '_switchback', taken) };
  const between = { schema: name.schema, name: freeName(name.name, '_between', taken) };
  const made = formatQualifiedName(beside);
  const rename = (from: QualifiedName, to: QualifiedName): string =>
    `ALTER TYPE ${formatQualifiedName(from)} RENAME TO ${formatIdentifier(to.name)}`;
  return {
    original: name,
    beside,
    create: [
      `CREATE TYPE ${made} AS ENUM (${values.map(quoteLiteral).join(', ')})`,
      ...(comment === null ? [] : [`COMMENT ON TYPE ${made} IS ${quoteLiteral(comment)}`]),
      ...rightsAgain(`TYPE ${made}`, rights),
    ],
    exchange: [rename(name, between), rename(beside, name), rename(between, beside)],
  };
}
