import type { MigrationStatus } from '../layouts/layout';
import { t } from '../messages/translate';

export const filterStates = [
  'all',
  'pending',
  'applied',
  'failed',
  'missing',
  'edited',
  'no-way-back',
] as const;
export type FilterState = (typeof filterStates)[number];

/** Which migrations the view shows: by state, and by a part of the version or name. */
export interface MigrationFilter {
  state: FilterState;
  text: string;
}

export const noFilter: MigrationFilter = { state: 'all', text: '' };

export function isFiltering({ state, text }: MigrationFilter): boolean {
  return state !== 'all' || text.trim() !== '';
}

/** Whether a migration is shown. Each word of the text has to be in its version, its name or what the view calls it. */
export function matchesFilter(
  { state, text }: MigrationFilter,
  status: Pick<MigrationStatus, 'state' | 'flags' | 'version' | 'name'>,
  label: string,
): boolean {
  if (!hasState(state, status)) return false;
  const said = `${status.version} ${status.name} ${label}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function hasState(wanted: FilterState, { state, flags }: Pick<MigrationStatus, 'state' | 'flags'>): boolean {
  switch (wanted) {
    case 'all':
      return true;
    case 'pending':
    case 'applied':
    case 'failed':
    case 'missing':
      return state === wanted;
    case 'edited':
      return flags.includes('edited');
    case 'no-way-back':
      return flags.includes('no-down') || flags.includes('irreversible');
  }
}

/** The words of a choice of the filter. */
export function filterWord(state: FilterState): string {
  switch (state) {
    case 'all':
      return t('All');
    case 'pending':
      return t('Pending');
    case 'applied':
      return t('Applied');
    case 'failed':
      return t('Failed or dirty');
    case 'missing':
      return t('Missing on disk');
    case 'edited':
      return t('Edited since applied');
    case 'no-way-back':
      return t('No way back');
  }
}

/** What the view says beside its title; undefined without a filter. */
export function filterDescription(filter: MigrationFilter): string | undefined {
  const text = filter.text.trim();
  if (!isFiltering(filter)) return undefined;
  if (text === '') return filterWord(filter.state);
  return filter.state === 'all' ? t('"{0}"', text) : t('{0}, "{1}"', filterWord(filter.state), text);
}
