import type { Session } from '../../database/session';
import type { PublicationFacts } from '../table-facts';
import { columnsOfKey } from './column-lists';
import type { FoundTable } from './find-table';

/** Publications the table is in, itself or through a partitioned parent, by name. */
export async function readPublications(session: Session, table: FoundTable): Promise<PublicationFacts[]> {
  const lists = session.facts.major >= 15;
  const { rows } = await session.query<{
    name: string;
    by: PublicationFacts['by'];
    columns: string[] | null;
    filter: string | null;
  }>(
    `select p.pubname::text as name,
            case when r.prrelid is not null then 'table' when p.puballtables then 'all-tables' else 'schema' end as by,
            ${lists ? `case when r.prattrs is not null then ${columnsOfKey('r.prrelid', 'r.prattrs::int2[]')} end` : 'null::text[]'} as columns,
            ${lists ? 'pg_get_expr(r.prqual, r.prrelid)' : 'null'} as filter
       from pg_publication p
       left join pg_publication_rel r on r.prpubid = p.oid
             and (r.prrelid = $1 or r.prrelid in (select relid from pg_partition_ancestors($1::oid::regclass)))
      where r.prrelid is not null or p.puballtables
            ${lists ? `or exists (select from pg_publication_namespace s join pg_class c on c.relnamespace = s.pnnspid where s.pnpubid = p.oid and c.oid = $1)` : ''}
      order by p.pubname`,
    [table.oid],
  );
  return rows.map(({ filter, ...row }) => ({ ...row, rowFilter: filter }));
}
