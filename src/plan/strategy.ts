import { t } from '../messages/translate';
import type { Assessment } from '../assess/assessment';
import type { Strategy } from './plan';

type Kind = Strategy['kind'];
const kinds: readonly Kind[] = ['incremental', 'big-bang', 'blue-green', 'strangler-fig'];

/** The strategy this change should take here, from size, load and compatibility, with why and why not the others. */
export function proposeStrategy(assessment: Assessment): Strategy {
  const { table, codeReferences } = assessment;
  const empty = table.rows.count === 0 && table.rows.source !== 'unknown';
  const unused = codeReferences.references.length === 0 && !codeReferences.truncated;
  return describeStrategy(empty && unused ? 'big-bang' : 'incremental', assessment);
}

/** A strategy the user chose, with what speaks for it here and against the others. */
export function describeStrategy(kind: Kind, assessment: Assessment): Strategy {
  return {
    kind,
    why: whyFor(kind, assessment),
    alternatives: kinds
      .filter((other) => other !== kind)
      .map((other) => ({ kind: other, why: whyNot(other, assessment) })),
  };
}

function whyFor(kind: Kind, assessment: Assessment): string {
  const rows = Math.max(0, Math.round(assessment.table.rows.count));
  switch (kind) {
    case 'incremental':
      return t(
        'Old and new application code run side by side, each step holds its locks only for a moment on {0} rows, and every step before the last can be taken back.',
        rows.toLocaleString('en-US'),
      );
    case 'big-bang':
      return t(
        'Everything happens in one release; the application stands still meanwhile. The steps are the same, without a window between them.',
      );
    case 'blue-green':
      return t(
        'A second environment takes over at once. The steps bring the database to a schema both can use before the traffic moves.',
      );
    case 'strangler-fig':
      return t(
        'Callers move one after the other to the new shape. The steps keep both shapes equal until the last has moved.',
      );
  }
}

function whyNot(kind: Kind, assessment: Assessment): string {
  const rows = Math.max(0, Math.round(assessment.table.rows.count));
  const code = assessment.codeReferences.references.length;
  switch (kind) {
    case 'incremental':
      return t('It takes longer: several releases and a deprecation window.');
    case 'big-bang':
      if (rows === 0)
        return t('The table is empty, so it would do; but code that uses the old shape would fail at once.');
      return t(
        'Application code of the old shape ({0} places in this workspace) fails from the moment of the change until its release is everywhere, and the way back needs a second outage.',
        code,
      );
    case 'blue-green':
      return t(
        'It needs a second copy of the database kept in step by replication; one column does not justify that.',
      );
    case 'strangler-fig':
      return t(
        'It replaces a system piece by piece; here one table changes and its callers can be released together.',
      );
  }
}
