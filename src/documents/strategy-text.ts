import { t } from '../messages/translate';

export type StrategyKind = 'incremental' | 'big-bang' | 'blue-green' | 'strangler-fig';
/** In the order documents and pickers list them. */
export const strategyKinds: readonly StrategyKind[] = [
  'incremental',
  'big-bang',
  'blue-green',
  'strangler-fig',
];

/** The name of a strategy with what it means, for documents and pickers. */
export function strategyTitle(kind: StrategyKind): string {
  switch (kind) {
    case 'big-bang':
      return t('Big-bang, all at once');
    case 'incremental':
      return t('Incremental, in phases');
    case 'blue-green':
      return t('Blue-green, two systems side by side');
    case 'strangler-fig':
      return t('Strangler fig, replaced piece by piece');
  }
}
