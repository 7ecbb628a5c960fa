import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { CopyColumn, CopyTable } from './copy-facts';
import { ColumnGroups } from './column-groups';
import { nameOf, partsOf } from './column-name';
import { fewestCharacters, maskedValue } from './masking-sql';
import { ruleWord, type MaskingRule, type MaskingRules } from './masking-rule';
import { looksPersonal } from './personal-columns';

/** One column with its table, as rules and reports name it. */
export interface MaskedColumn {
  table: CopyTable;
  column: CopyColumn;
  rule: MaskingRule;
  /** Most characters of all that have to be masked alike. */
  length: number | null;
}

export interface MaskingPlan {
  /** By `nameOf`; columns that are copied as they are because nobody said anything are not here. */
  columns: ReadonlyMap<string, MaskedColumn>;
  notes: string[];
  /** Names of columns that look personal and have no rule. */
  unruled: string[];
}

/**
 * Which rule each column has: its own, that of the table it is a partition or child of, or that of a column it references or is
 * referenced by. Throws `invalid-input` for a rule that names nothing, does not fit its column, or contradicts another.
 */
function planMasking(tables: readonly CopyTable[], rules: MaskingRules): MaskingPlan {
  const ruled = withInherited(tables, ownRules(tables, rules));
  const notes: string[] = [];
  const groups = groupsOf(tables);
  const columns = new Map<string, MaskedColumn>();
  for (const table of tables)
    for (const column of table.columns) {
      const name = nameOf(table, column.name);
      const group = groups.of(name);
      const own = ruled.get(name);
      const rule = own === 'null' ? own : (commonRule(group, ruled) ?? own);
      if (rule === undefined || column.isGenerated) continue;
      if (own === undefined)
        notes.push(t('{0} is masked as what it references or is referenced by: {1}.', name, ruleWord(rule)));
      columns.set(name, { table, column, rule, length: column.length });
    }
  for (const [name, masked] of columns) {
    const group = groups.of(name).flatMap((other) => columns.get(other) ?? []);
    masked.length = shortest(group.map(({ column }) => column.length));
    assertFits(name, masked, group);
  }
  return { columns, notes: grouped(notes, tables), unruled: unruledOf(tables, columns) };
}

/** The same, and throws `gate-not-held` where the database is production and columns look personal that have no rule. */
export function plannedMasking(
  tables: readonly CopyTable[],
  rules: MaskingRules,
  isProduction: boolean,
): MaskingPlan {
  const plan = planMasking(tables, rules);
  if (isProduction && plan.unruled.length > 0)
    throw new SwitchbackError(
      'gate-not-held',
      t(
        'Rows of production are copied only when every column that looks personal has a masking rule. These have none: {0}. Add them to "masking" in .switchback/config.json; "keep" says that one may be copied as it is.',
        plan.unruled.join(', '),
      ),
    );
  return plan;
}

/** SQL for each copied column's value as it leaves the database. */
export function selectedValue(
  plan: MaskingPlan,
  table: CopyTable,
  column: CopyColumn,
  value: string,
): string {
  const masked = plan.columns.get(nameOf(table, column.name));
  return masked ? maskedValue(masked.rule, column, value, masked.length) : value;
}

/** By the three names of a column that somebody wrote, its name. */
function knownColumns(tables: readonly CopyTable[]): (written: string) => string | undefined {
  const known = new Map(
    tables.flatMap((table) =>
      table.columns.map(({ name }) => [[table.schema, table.name, name].join('\0'), nameOf(table, name)]),
    ),
  );
  return (written) => known.get(partsOf(written)?.join('\0') ?? '');
}

/** The rules that name no column of these tables, as they were written. */
export function rulesOfNothing(tables: readonly CopyTable[], rules: MaskingRules): string[] {
  const known = knownColumns(tables);
  return Object.keys(rules).filter((written) => known(written) === undefined);
}

/** What is wrong with a rule that names nothing. */
export function ruleOfNothing(written: string): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t(
      'The masking rule for {0} names no column of this database, as schema.table.column. Correct it in .switchback/config.json, so that nothing is copied unmasked by mistake.',
      written,
    ),
  );
}

function ownRules(tables: readonly CopyTable[], rules: MaskingRules): Map<string, MaskingRule> {
  const known = knownColumns(tables);
  const ruled = new Map<string, MaskingRule>();
  for (const [written, rule] of Object.entries(rules)) {
    const name = known(written);
    if (name === undefined) throw ruleOfNothing(written);
    ruled.set(name, rule);
  }
  return ruled;
}

function withInherited(
  tables: readonly CopyTable[],
  own: ReadonlyMap<string, MaskingRule>,
): Map<string, MaskingRule> {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  const ruleFor = (table: CopyTable, column: string): MaskingRule | undefined => {
    const rule = own.get(nameOf(table, column));
    if (rule !== undefined) return rule;
    for (const oid of table.parents) {
      const parent = byOid.get(oid);
      const found = parent?.columns.some(({ name }) => name === column) ? ruleFor(parent, column) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const ruled = new Map<string, MaskingRule>();
  for (const table of tables)
    for (const { name } of table.columns) {
      const rule = ruleFor(table, name);
      if (rule !== undefined) ruled.set(nameOf(table, name), rule);
    }
  return ruled;
}

/** Columns whose values must stay equal: both sides of foreign keys, and a partition's with its table's where those have keys. */
function groupsOf(tables: readonly CopyTable[]): ColumnGroups {
  const groups = new ColumnGroups();
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  for (const table of tables) {
    for (const { columns, parent, referenced } of table.foreignKeys) {
      const other = byOid.get(parent);
      if (other)
        columns.forEach((column, at) => groups.join(nameOf(table, column), nameOf(other, referenced[at]!)));
    }
    if (!table.isPartition) continue;
    for (const parent of table.parents.flatMap((oid) => byOid.get(oid) ?? []))
      for (const { name } of table.columns) groups.join(nameOf(table, name), nameOf(parent, name));
  }
  return groups;
}

/** NULL on one side breaks no key, so it says nothing of the others. */
function commonRule(
  group: readonly string[],
  ruled: ReadonlyMap<string, MaskingRule>,
): MaskingRule | undefined {
  const said = group.filter((name) => ruled.has(name) && ruled.get(name) !== 'null');
  const [first, ...others] = said;
  if (first === undefined) return undefined;
  const rule = ruled.get(first)!;
  const other = others.find((name) => JSON.stringify(ruled.get(name)) !== JSON.stringify(rule));
  if (other === undefined) return rule;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} and {1} hold the same values by a foreign key and have different masking rules, {2} and {3}. Give both the same.',
      first,
      other,
      ruleWord(rule),
      ruleWord(ruled.get(other)!),
    ),
  );
}

function shortest(lengths: readonly (number | null)[]): number | null {
  const limits = lengths.filter((length) => length !== null);
  return limits.length > 0 ? Math.min(...limits) : null;
}

const texts = ['text', 'varchar', 'bpchar', 'citext'];
const fitting: Record<string, readonly string[]> = {
  hash: [...texts, 'uuid', 'bytea', 'int2', 'int4', 'int8'],
  email: texts,
  name: texts,
  digits: texts,
  'date-shift': ['date', 'timestamp', 'timestamptz'],
};

function assertFits(name: string, masked: MaskedColumn, group: readonly MaskedColumn[]): void {
  const why = misfit(masked, group);
  if (why === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The masking rule "{0}" does not fit {1}: {2}. Choose another rule for it.',
      ruleWord(masked.rule),
      name,
      why,
    ),
  );
}

function misfit(
  { table, column, rule, length }: MaskedColumn,
  group: readonly MaskedColumn[],
): string | null {
  if (rule === 'keep') return null;
  const keyed = group.some((other) =>
    other.table.foreignKeys.some(({ columns }) => columns.includes(other.column.name)),
  );
  const isUnique = group.some((other) => other.column.isUnique);
  if (rule === 'null')
    return column.notNull || table.key.includes(column.name) ? t('it may not be NULL') : null;
  if (typeof rule === 'object') {
    if (keyed) return t('it is part of a foreign key, and both sides have to stay equal');
    return 'constant' in rule && column.isUnique ? t('its values have to be unique') : null;
  }
  const bases = fitting[rule] ?? [];
  if (!bases.includes(column.base)) return t('its type is {0}', column.type);
  if (rule === 'digits' && isUnique)
    return t('its values have to stay different, and other digits may be the same');
  const alike = group.find((other) => !sameKind(other.column.base, column.base));
  if (alike)
    return t('it is {0} and what it belongs to by a foreign key is {1}', column.type, alike.column.type);
  const fewest = texts.includes(column.base) ? fewestCharacters(rule, isUnique) : 0;
  if (length !== null && length < fewest)
    return length === 1
      ? t('its values need {0} characters and 1 is allowed', fewest)
      : t('its values need {0} characters and {1} are allowed', fewest, length);
  return null;
}

/** Types whose equal values are masked alike. */
function sameKind(one: string, other: string): boolean {
  const kind = (base: string): string => (/^(?:text|varchar|bpchar)$/.test(base) ? 'text' : base);
  return kind(one) === kind(other);
}

/** What is a partition's is said of its table. */
function unruledOf(tables: readonly CopyTable[], columns: ReadonlyMap<string, MaskedColumn>): string[] {
  return tables
    .filter(({ isPartition }) => !isPartition)
    .flatMap((table) =>
      table.columns
        .filter((column) => looksPersonal(table, column))
        .map(({ name }) => nameOf(table, name))
        .filter((name) => !columns.has(name)),
    );
}

function grouped(notes: readonly string[], tables: readonly CopyTable[]): string[] {
  const partitions = tables.filter(({ isPartition }) => isPartition).map(({ relation }) => `${relation}.`);
  return notes.filter((note) => !partitions.some((partition) => note.startsWith(partition)));
}
