/** Types a key can be made wider to. */
export const wideTypes = ['integer', 'bigint'] as const;
export type WideType = (typeof wideTypes)[number];

/** What each type holds: https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT */
const ranges: Record<string, { low: string; high: string }> = {
  smallint: { low: '-32768', high: '32767' },
  integer: { low: '-2147483648', high: '2147483647' },
  bigint: { low: '-9223372036854775808', high: '9223372036854775807' },
};

/** The least and the greatest value of an integer type. */
export function rangeOf(type: string): { low: string; high: string } {
  return ranges[type]!;
}

/** Whether the one is an integer type that holds less than the other. */
export function isNarrower(type: string, than: WideType): boolean {
  const order = Object.keys(ranges);
  return order.includes(type) && order.indexOf(type) < order.indexOf(than);
}
