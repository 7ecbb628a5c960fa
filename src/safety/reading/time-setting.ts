import type { Node } from '@pgsql/types';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import type { RuleScript } from '../rule';

/** A statement that gives a setting a value, or takes it back. */
export interface SettingChange {
  /** In small letters; null for all settings at once. */
  name: string | null;
  /** Until the end of the transaction only. */
  local: boolean;
  /** As written, without quotes; null for the default. */
  value: string | null;
}

/** A value that a script gave a setting, with the statement that did. */
export interface SettingInForce {
  /** 0 means no limit; NaN for a value that is no time. */
  milliseconds: number;
  statement: Statement;
}

/** What SET, RESET, DISCARD ALL or SELECT set_config() changes; null for other statements. */
export function settingChange(statement: Statement): SettingChange | null {
  if (!/^(?:VariableSet|Discard|Select)Stmt$/.test(statement.kind)) return null;
  const set = asKind(statement.node, 'VariableSetStmt');
  if (set) {
    const name = set.kind === 'VAR_RESET_ALL' ? null : (set.name ?? '').toLowerCase();
    const value = set.kind === 'VAR_SET_VALUE' ? constantText(set.args?.[0]) : null;
    return { name, local: set.is_local ?? false, value };
  }
  if (asKind(statement.node, 'DiscardStmt')?.target === 'DISCARD_ALL')
    return { name: null, local: false, value: null };
  return configCall(statement);
}

function configCall(statement: Statement): SettingChange | null {
  const targets = asKind(statement.node, 'SelectStmt')?.targetList ?? [];
  const call = asKind(asKind(targets[0], 'ResTarget')?.val, 'FuncCall');
  if (!call || strings(call.funcname).at(-1) !== 'set_config') return null;
  const [name, value, local] = call.args ?? [];
  const text = constantText(name);
  if (text === null) return null;
  const isLocal = asKind(local, 'A_Const')?.boolval?.boolval === true;
  return { name: text.toLowerCase(), local: isLocal, value: constantText(value) };
}

function constantText(node: Node | undefined): string | null {
  const constant = asKind(asKind(node, 'TypeCast')?.arg ?? node, 'A_Const');
  if (!constant) return null;
  // The parser leaves zeros out.
  if (constant.ival) return String(constant.ival.ival ?? 0);
  return constant.sval?.sval ?? constant.fval?.fval ?? null;
}

const unitMilliseconds: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A time as PostgreSQL's settings have it, in ms (the unit where none is written); NaN for what is none. */
export function timeMilliseconds(value: string): number {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  return match ? Number(match[1]) * unitMilliseconds[match[2] ?? 'ms']! : Number.NaN;
}

/** The value the script itself gave a time setting where statement `index` begins; null where it gave none. */
export function settingInForce(
  script: Pick<RuleScript, 'statements' | 'blocks'>,
  name: string,
  index: number,
): SettingInForce | null {
  const block = script.blocks[index] ?? null;
  let session: SettingInForce | null = null;
  let local: SettingInForce | null = null;
  for (let place = 0; place < index; place++) {
    const statement = script.statements[place]!;
    if (!/^(VariableSet|Discard|Select)Stmt$/.test(statement.kind)) continue;
    const change = settingChange(statement);
    if (!change || (change.name !== null && change.name !== name)) continue;
    const here: SettingInForce | null =
      change.value === null ? null : { milliseconds: timeMilliseconds(change.value), statement };
    const sharesBlock = block !== null && script.blocks[statement.index] === block;
    if (!change.local) {
      session = here;
      local = null;
    } else if (sharesBlock) local = here;
  }
  return local ?? session;
}
