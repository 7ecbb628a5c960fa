import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { parseQualifiedName, type QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind } from '../sql/tree';

/** A partition that is to be. */
export interface NewPartition {
  name: QualifiedName;
  /** `FOR VALUES ...` or `DEFAULT`. */
  bound: string;
}

/** A string, a quoted name, or one character that is neither. */
const token = /E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[^]/giu;

/**
 * Reads `orders_2026 FOR VALUES FROM (...) TO (...); orders_rest DEFAULT`. Throws `invalid-input` for what is no bound, and
 * where a row could fit no partition: old code that writes it would fail.
 */
export function partitionList(
  parser: SqlParser,
  text: string,
  schema: string,
  strategy: 'range' | 'list' | 'hash',
): NewPartition[] {
  const partitions = listedParts(text).map((part) => readPartition(parser, part, schema));
  if (partitions.length === 0) refuse(t('There is no partition. Write at least one, with its bound.'));
  const names = partitions.map(({ name }) => `${name.schema}.${name.name}`);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) refuse(t('The partition {0} is listed twice. Name each once.', twice));
  if (strategy === 'hash') assertAllRemainders(parser, partitions);
  else if (!partitions.some(({ bound }) => isDefault(bound)))
    refuse(
      t(
        'A row that fits no partition could not be written. Add a default one, such as {0}; it can be detached later.',
        'orders_rest DEFAULT',
      ),
    );
  return partitions;
}

function listedParts(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [piece] of text.matchAll(token)) {
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
    if (depth === 0 && (piece === ';' || piece === '\n')) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function readPartition(parser: SqlParser, text: string, schema: string): NewPartition {
  const name = '(?:"(?:[^"]|"")+"|[^\\s".]+)';
  const match = new RegExp(`^(${name}(?:\\s*\\.\\s*${name})?)\\s*(FOR\\s+VALUES\\b[^]*|DEFAULT)$`, 'iu').exec(
    text,
  );
  if (!match || boundOf(parser, match[2]!) === null)
    refuse(
      t(
        '"{0}" is no partition. Write a name and a bound, such as {1}.',
        text,
        'orders_1 FOR VALUES FROM (1) TO (2)',
      ),
    );
  return { name: parseQualifiedName(match[1]!, schema), bound: match[2]! };
}

function boundOf(parser: SqlParser, bound: string): { modulus?: number; remainder?: number } | null {
  const { statements, comments } = parser.parse(`ALTER TABLE x ATTACH PARTITION y ${bound}`);
  const command = asKind(asKind(statements[0]?.node, 'AlterTableStmt')?.cmds?.[0], 'AlterTableCmd');
  const spec = asKind(command?.def, 'PartitionCmd')?.bound;
  return statements.length === 1 && comments.length === 0 && spec ? spec : null;
}

function isDefault(bound: string): boolean {
  return /^default$/i.test(bound);
}

/** Remainders of different moduli never overlap, so that their shares add up to one where every row has a place. */
function assertAllRemainders(parser: SqlParser, partitions: readonly NewPartition[]): void {
  const share = partitions.reduce(
    (sum, { bound }) => sum + 1 / (boundOf(parser, bound)?.modulus ?? Infinity),
    0,
  );
  if (Math.abs(share - 1) < 1e-9) return;
  refuse(t('Some rows would have no partition: list one for every remainder of the modulus.'));
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
