import { t } from '../../messages/translate';
import type { DeploySteps, DualWriter } from '../../plan/plan';

/** One answer to a question of a rename, with what follows from it in one sentence. */
export interface Choice<Id> {
  id: Id;
  title: string;
  why: string;
}

/** Who keeps old and new column equal. */
export function dualWriterChoices(): Choice<DualWriter>[] {
  return [
    {
      id: 'trigger',
      title: t('By a trigger'),
      why: t(
        'The database keeps both columns equal until contract, so every release can be taken back at once.',
      ),
    },
    {
      id: 'application',
      title: t('By the application'),
      why: t(
        'The table gets no trigger: the application writes both columns, moves over in three releases, and going back from the last one first copies what only the new column has.',
      ),
    },
  ];
}

/** In how many releases the application moves to the new name while a trigger writes both. */
export function deployChoices(): Choice<DeploySteps>[] {
  return [
    { id: 'one', title: t('One release'), why: t('Reads and writes move to the new name together.') },
    {
      id: 'separate',
      title: t('Two releases'),
      why: t('Reads move first, writes after them; each is confirmed and taken back by itself.'),
    },
  ];
}
