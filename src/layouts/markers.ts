import type { MigrationScript } from './layout';

/** What the comments at the top of a migration say to Switchback. */
export interface HeaderMarkers {
  /** `-- switchback:no-transaction`: its statements run one by one, outside a transaction. */
  noTransaction: boolean;
  /** The reason of `-- switchback:irreversible <reason>`; null when it is not there. */
  irreversible: string | null;
}

export const noTransactionMarker = '-- switchback:no-transaction';
export const irreversibleMarker = '-- switchback:irreversible';

/** Why no way leads back from a script, as its author says to us or, without a reason, to the tool; null where none does. */
export function irreversibleReason(script: Pick<MigrationScript, 'sql' | 'irreversible'>): string | null {
  return headerMarkers(script.sql).irreversible ?? (script.irreversible ? '' : null);
}

/** Reads the markers of a script. Only comment lines before the first statement count. */
export function headerMarkers(sql: string): HeaderMarkers {
  const markers: HeaderMarkers = { noTransaction: false, irreversible: null };
  for (const line of sql.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const text = line.trim();
    if (text === '') continue;
    if (!text.startsWith('--')) break;
    const match = /^--\s*switchback:(no-transaction|irreversible)(?:\s(.*))?$/s.exec(text);
    if (match?.[1] === 'no-transaction') markers.noTransaction = true;
    if (match?.[1] === 'irreversible') markers.irreversible = match[2]?.trim() ?? '';
  }
  return markers;
}
