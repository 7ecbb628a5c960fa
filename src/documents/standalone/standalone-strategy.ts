import { t } from '../../messages/translate';
import type { PlanDocument } from '../plan-document';
import { strategyKinds, strategyTitle, type StrategyKind } from '../strategy-text';
import type { PlanAnswers } from './answers';
import type { Skeleton } from './skeletons/skeleton';

/** The strategy chosen or proposed, ticked, with why, and why not the others. */
export function standaloneStrategies(
  answers: PlanAnswers,
  skeleton: Skeleton,
  volume: string | null,
): PlanDocument['strategies'] {
  const proposed = skeleton.strategy;
  const chosen = answers.strategy ?? proposed;
  const ordered = [chosen, ...strategyKinds.filter((kind) => kind !== chosen)];
  return ordered.map((kind) => {
    const reason = kind === chosen ? whyFor(kind, skeleton, volume) : whyNot(kind, volume);
    return {
      chosen: kind === chosen,
      title: strategyTitle(kind),
      why: kind === proposed ? t('Proposed for this type of migration. {0}', reason) : reason,
    };
  });
}

function whyFor(kind: StrategyKind, skeleton: Skeleton, volume: string | null): string {
  const data = volume === null ? '' : ` ${t('Data concerned: {0}.', volume)}`;
  if (kind === skeleton.strategy) return `${skeleton.strategyWhy}${data}`;
  switch (kind) {
    case 'big-bang':
      return t('Everything happens in one release, and the application stands still meanwhile.') + data;
    case 'incremental':
      return t('Each step is small, can be watched by itself and can be taken back by itself.') + data;
    case 'blue-green':
      return t('A second environment is made ready beside the first and takes over at once.') + data;
    case 'strangler-fig':
      return t('Part after part is taken over by the new, until nothing of the old is left.') + data;
  }
}

function whyNot(kind: StrategyKind, volume: string | null): string {
  const data = volume === null ? t('all data') : t('the data ({0})', volume);
  switch (kind) {
    case 'big-bang':
      return t(
        'The application would stand still until {0} is changed, and going back would be a second outage.',
        data,
      );
    case 'incremental':
      return t('It takes longer: several releases, and a time in which old and new have to be kept equal.');
    case 'blue-green':
      return t('It needs everything twice, with {0} kept equal in both places until the change-over.', data);
    case 'strangler-fig':
      return t(
        'It needs a router in front of the old, which is worth its work only where a whole system is replaced.',
      );
  }
}
