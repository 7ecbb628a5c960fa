import type { QualifiedName } from '../../sql/identifier';
import { regclass } from './sql-text';

/** SQL of a view's query with all names whole, whatever the session's search_path, which stays as it is. */
export function viewQuery(view: QualifiedName): string {
  return (
    `(SELECT read.query FROM (SELECT pg_catalog.rtrim(pg_catalog.pg_get_viewdef(whole.view), ';') AS query,\n` +
    `          pg_catalog.set_config('search_path', whole.path, true) AS path\n` +
    `     FROM (SELECT ${regclass(view)} AS view, pg_catalog.current_setting('search_path') AS path,\n` +
    `                  pg_catalog.set_config('search_path', 'pg_catalog', true) AS qualified OFFSET 0) AS whole OFFSET 0) AS read)`
  );
}
