import type { ColumnFacts } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { formatIdentifier, quoteIdentifier } from '../sql/identifier';
import type { Look } from './changes/change-type';

/** CHECKs on the column alone that refuse a row without a value. */
export async function emptyCheckBlockers({ name, type }: ColumnFacts, at: Look): Promise<string[]> {
  const checks = at.table.constraints.filter(
    ({ kind, columns }) => kind === 'check' && columns.length === 1 && columns[0] === name,
  );
  const blockers: string[] = [];
  for (const { name: check, definition } of checks) {
    const condition = definition.replace(/^CHECK /, '').replace(/(?: NO INHERIT)?(?: NOT VALID)?$/, '');
    const { rows } = await at.session.query<{ refused: boolean }>(
      `SELECT ${condition} IS FALSE AS refused FROM (SELECT NULL::${type} AS ${quoteIdentifier(name)}) AS ${quoteIdentifier(at.table.name.name)}`,
      [],
      { signal: at.signal },
    );
    if (rows[0]?.refused !== true) continue;
    blockers.push(
      t(
        'The CHECK {0} refuses rows without {1}, which the application is to write. Drop the CHECK first.',
        formatIdentifier(check),
        formatIdentifier(name),
      ),
    );
  }
  return blockers;
}
