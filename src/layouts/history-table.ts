import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, parseQualifiedName, quoteIdentifier, quoteLiteral } from '../sql/identifier';
import type { HistoryTable } from './layout';

/** The table as SQL names it, quoted where needed. */
export function tableSql({ schema, name }: HistoryTable): string {
  return schema === null ? formatIdentifier(name) : `${formatIdentifier(schema)}.${formatIdentifier(name)}`;
}

/** Reads a name as SQL does: letters outside double quotes are small. Throws `invalid-name`. */
export function tableNamed(text: string): HistoryTable {
  const { schema, name } = parseQualifiedName(text, '');
  return { schema: schema === '' ? null : schema, name };
}

/** As `tableNamed`, of a tool's setting: null for what is no name. */
export function settingNamed(text: string): HistoryTable | null {
  try {
    return tableNamed(text);
  } catch {
    return null;
  }
}

/** Reads a name that a tool cuts at its dots and quotes; null for what is none. */
export function tableOfParts(text: string): HistoryTable | null {
  const parts = text.split('.');
  if (parts.length > 2 || parts.includes('')) return null;
  return parts.length === 2 ? { schema: parts[0]!, name: parts[1]! } : { schema: null, name: parts[0]! };
}

/** Makes the schema of a table that is not in a tool's usual one; asks for no right where it is there. */
export function schemaOf(table: HistoryTable | null | undefined): string[] {
  return table?.schema ? [`do ${quoteLiteral(`begin ${schemaMade(table)} end`)}`] : [];
}

/** The same in the words of PL/pgSQL; nothing for a table without a schema. */
export function schemaMade({ schema }: HistoryTable): string {
  if (schema === null) return '';
  const missing = `not exists (select from pg_catalog.pg_namespace where nspname = ${quoteLiteral(schema)})`;
  return `if ${missing} then create schema ${quoteIdentifier(schema)}; end if;`;
}

/** Throws `invalid-input` where a table is named for a tool that keeps its history in one place and in no other. */
export function assertUsualTable(title: string, usual: string, table: HistoryTable | null | undefined): void {
  if (!table) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} keeps its history in {1} and in no other table. Remove "{2}" from "historyTables" in .switchback/config.json.',
      title,
      usual,
      tableSql(table),
    ),
  );
}
