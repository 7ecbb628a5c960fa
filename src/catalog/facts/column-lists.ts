/** SQL for the names of the columns in an int2[] of pg_constraint, in its order. */
export function columnsOfKey(relation: string, key: string): string {
  return `array(select k_a.attname::text from unnest(${key}) with ordinality as k(number, position)
                 join pg_attribute k_a on k_a.attrelid = ${relation} and k_a.attnum = k.number order by k.position)`;
}

/** SQL for the columns of `relation` on which the catalog records that an object depends, in table order. */
export function columnsUsedBy(catalog: string, object: string, relation: string): string {
  return `array(select u_a.attname::text from pg_depend u
                  join pg_attribute u_a on u_a.attrelid = u.refobjid and u_a.attnum = u.refobjsubid
                 where u.classid = 'pg_catalog.${catalog}'::regclass and u.objid = ${object}
                   and u.refclassid = 'pg_catalog.pg_class'::regclass and u.refobjid = ${relation} and u.refobjsubid > 0
                 group by u_a.attname, u_a.attnum order by u_a.attnum)`;
}

/** SQL for the columns that a stored expression over one table (an index's, a check's) uses, in table order. */
export function columnsInTree(tree: string, relation: string): string {
  return `array(select t_a.attname::text from regexp_matches(${tree}, ':varattno (\\d+)', 'g') as used(numbers)
                  join pg_attribute t_a on t_a.attrelid = ${relation} and t_a.attnum = used.numbers[1]::int
                 where t_a.attnum > 0 group by t_a.attname, t_a.attnum order by t_a.attnum)`;
}
