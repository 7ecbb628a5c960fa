import { t } from '../../messages/translate';
import { blockedBy } from '../../safety/forecast/effects';
import { workKinds, type Forecast, type Work } from '../../safety/forecast';
import { disagreementsOf, type Comparison } from './disagreements';
import type { MeasuredStatement } from './measured-forecast';

/** The measured forecast beside the predicted one. Work on relations without rows stays as predicted. */
export function measuredStatement(comparison: Comparison, notes: readonly string[] = []): MeasuredStatement {
  const { predicted, observed, transactional, empty } = comparison;
  const unseen = predicted.works.filter(({ relation }) => empty.has(relation));
  const works = [...observed.works.filter(({ relation }) => !empty.has(relation)), ...unseen].sort(
    (a, b) => workKinds.indexOf(b.kind) - workKinds.indexOf(a.kind) || (a.relation < b.relation ? -1 : 1),
  );
  const base: Work = observed.catalog ? 'catalog' : 'none';
  const work = works[0]?.kind ?? base;
  const measured: Forecast = {
    ...predicted,
    locks: observed.locks,
    indexLocks: observed.indexLocks,
    work,
    workOn: works.filter(({ kind }) => kind === work).map(({ relation }) => relation),
    works,
    blocks: blockedBy(observed.locks),
    transactional,
    depth: 'measured',
    notes: [...predicted.notes],
  };
  const emptyNotes = unseen.map(({ relation }) =>
    t(
      '{0} has no rows in the shadow database: work on it could not be measured and is as forecast.',
      relation,
    ),
  );
  return {
    predicted,
    measured,
    disagreements: disagreementsOf(comparison),
    milliseconds: Math.round(observed.milliseconds),
    error: null,
    notes: [...notes, ...emptyNotes],
  };
}

/** A statement that was not measured: it failed, or cannot be measured here. */
export function unmeasuredStatement(
  predicted: Forecast,
  why: { error?: string; notes?: string[]; milliseconds?: number },
): MeasuredStatement {
  return {
    predicted,
    measured: null,
    disagreements: [],
    milliseconds: why.milliseconds ?? null,
    error: why.error ?? null,
    notes: why.notes ?? [],
  };
}
