import { quoteLiteral, type QualifiedName } from '../../sql/identifier';

/** SQL that is true where there are extended statistics of that name. */
export function statisticsExist({ schema, name }: QualifiedName): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace ` +
    `WHERE n.nspname = ${quoteLiteral(schema)} AND s.stxname = ${quoteLiteral(name)})`
  );
}
