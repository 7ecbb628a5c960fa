import type { CustomTypesConfig, types as pgTypes } from 'pg';

/** Arrays whose elements stay text: bigint[], timestamp[], date[], timestamptz[], interval[], numeric[]. */
const textArrayOids = new Set<number>([1016, 1115, 1182, 1185, 1187, 1231]);

/** Scalars that node-postgres would turn into objects in the local time zone: date, timestamp, timestamptz, interval. */
const textOids = new Set<number>([1082, 1114, 1184, 1186]);

const arrayOfText = 1009;

/**
 * How one client reads values: bigint, numeric, dates, times and intervals stay the server's text, so that
 * nothing is rounded or moved to another time zone. Belongs to a client; node-postgres's global parsers stay.
 */
export function typeParsers(types: typeof pgTypes): CustomTypesConfig {
  return {
    getTypeParser: (oid: number, format?: string) => {
      if (textOids.has(oid)) return (value: string) => value;
      return types.getTypeParser(textArrayOids.has(oid) ? arrayOfText : oid, format as 'text') as unknown;
    },
  };
}
