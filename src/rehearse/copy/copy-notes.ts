import type { Session } from '../../database/session';
import { t } from '../../messages/translate';
import type { CopyTable } from './copy-facts';
import type { MaskingPlan } from './masking-plan';
import type { ChosenRows } from './sample-rows';

export interface CopyNotesRequest {
  /** Those read. */
  tables: readonly CopyTable[];
  shadowTables: readonly CopyTable[];
  plan: MaskingPlan;
  /** null: all rows. */
  chosen: ChosenRows | null;
  /** Sequences whose place is not known. */
  unreadable: readonly string[];
}

/** What was done beside copying, and what is not in the copy, in sentences. Asked in the source's transaction. */
export async function copyNotes(source: Session, request: CopyNotesRequest): Promise<string[]> {
  const { tables, shadowTables, plan, chosen, unreadable } = request;
  const notes = [...plan.notes];
  const say = (names: readonly string[], sentence: (names: string) => string): void =>
    void (names.length > 0 && notes.push(sentence(names.join(', '))));
  const present = new Set(shadowTables.map(({ relation }) => relation));
  if (chosen?.added === 1) notes.push(t('1 row came along because rows of the sample reference it.'));
  else if (chosen && chosen.added > 0)
    notes.push(t('{0} rows came along because rows of the sample reference them.', chosen.added));
  say(chosen?.byBlock ?? [], (names) =>
    t(
      'Too large to be sorted, so their rows are those of blocks chosen at random (TABLESAMPLE): {0}.',
      names,
    ),
  );
  say(plan.unruled, (names) =>
    t('These look personal and were copied as they are, without a masking rule: {0}.', names),
  );
  say(
    tables.filter(({ isFiltered }) => isFiltered).map(({ relation }) => relation),
    (names) => t('Row security shows the role only some rows, and only those were copied: {0}.', names),
  );
  say(
    tables.filter(({ relation }) => !present.has(relation)).map(({ relation }) => relation),
    (names) => t('Not in the schema of the shadow database, and not copied: {0}.', names),
  );
  say(unreadable, (names) => t('The role may not read where these sequences are: {0}.', names));
  const { rows } = await source.query<{ foreign: string[]; hasLarge: boolean }>(
    `select array(select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                   where c.relkind = 'f' order by 1) as foreign,
            exists (select from pg_largeobject_metadata) as "hasLarge"`,
  );
  say(rows[0]!.foreign, (names) => t('Rows of foreign tables were not copied: {0}.', names));
  if (rows[0]!.hasLarge) notes.push(t('Large objects were not copied.'));
  return notes;
}
