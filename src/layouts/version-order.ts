import type { Layout, Migration } from './layout';

/** The order in which the tool runs versions: negative when `a` comes before `b`. */
export function versionOrder(
  { compare, orderedByList }: Pick<Layout, 'compare' | 'orderedByList'>,
  migrations: readonly Migration[],
): (a: string, b: string) => number {
  if (!orderedByList) return compare;
  const places = new Map(migrations.map(({ version }, index) => [version, index]));
  return (a, b) => (places.get(a) ?? -1) - (places.get(b) ?? -1);
}
