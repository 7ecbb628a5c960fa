/** What a place in the code does with what it names, as far as words tell. `shape`: it says what the table is made of. */
export type CodeAccess = 'writes' | 'reads' | 'shape' | 'unknown';

/** So many lines before the place may belong to the same statement or call. */
const linesBefore = 4;

/** SQL, and the calls of Prisma, TypeORM, Drizzle, Sequelize, SQLAlchemy, Django and Rails. */
const writing =
  /\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate|set)\b(?!\s*[(:])|[.\w](?:create|createMany|insert|insertMany|update|updateMany|save|upsert|delete|deleteMany|destroy|bulkCreate|bulk_create|values|set|update_all|insert_all|upsert_all|update_column|update_columns)!?\s*\(/gi;
const reading =
  /\b(?:select|(?<!delete\s+)from|join|where|order\s+by|group\s+by|having|returning)\b(?!\s*[(:])|[.\w](?:find\w*|select|where|filter|filter_by|exclude|get|first|all|query|pluck|order|orderBy|order_by|values_list|aggregate|groupBy|from|leftJoin|innerJoin|joins|include|includes)\s*\(/gi;
const shaping =
  /@(?:Entity|Table|Column|PrimaryColumn|JoinColumn|@?map)\b|\b(?:pgTable|mapped_column|relationship|belongs_to|has_many|has_one|__tablename__|db_table|tableName)\b|\bmodels\.\w+(?:Field|Key)\b|\b(?:Column|ForeignKey)\(|\bDataTypes\.\w+|\bt\.(?:string|text|integer|bigint|boolean|decimal|date|datetime|timestamp|references|uuid|jsonb?)\b|^\s*(?:model|class|interface|type|export\s+(?:interface|type|class))\s+\w+|^\s*\w+\s*[:!]?\s*(?:String|Int|BigInt|Boolean|Float|DateTime|Decimal|Json)\??(?:\s+@|\s*$)|\b(?:text|varchar|integer|bigint|serial|boolean|timestamp|numeric|jsonb?)\(\s*['"]/i;

/** What the place at `column` (from 0) of a line does. The nearest word before it decides, else the first after it in the line. */
export function accessAt(lines: readonly string[], index: number, column: number): CodeAccess {
  const line = lines[index] ?? '';
  if (shaping.test(line)) return 'shape';
  const before = [...lines.slice(Math.max(0, index - linesBefore), index), line.slice(0, column)].join('\n');
  const nearest = lastOf(before, writing) - lastOf(before, reading);
  if (nearest !== 0) return nearest > 0 ? 'writes' : 'reads';
  const after = line.slice(column);
  const next = firstOf(after, reading) - firstOf(after, writing);
  if (next !== 0) return next > 0 ? 'writes' : 'reads';
  return 'unknown';
}

/** Where it stands last; -1 where it does not. */
function lastOf(text: string, pattern: RegExp): number {
  let last = -1;
  for (const { index } of text.matchAll(pattern)) last = index;
  return last;
}

/** Where it stands first; behind the end where it does not. */
function firstOf(text: string, pattern: RegExp): number {
  for (const { index } of text.matchAll(pattern)) return index;
  return text.length;
}
