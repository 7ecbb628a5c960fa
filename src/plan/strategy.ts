import type { Assessment } from '../assess/assessment';
import { countDependentObjects } from '../assess/dependents-of-change';
import { countCodeReferences, describeCount } from '../assess/code-references';
import { strategyKinds } from '../documents/strategy-text';
import { t } from '../messages/translate';
import { bytesText } from '../templates/bytes-text';
import { durationText } from '../templates/duration-text';
import { rowsText } from '../templates/rows-text';
import type { Strategy } from './plan';
import { backfillForecast } from './step-forecast';

type Kind = Strategy['kind'];

/** Up to here a table is changed in a moment, whatever the change. */
const smallTable = { rows: 10_000, bytes: 16 * 1024 * 1024 };

/** The strategy this change should take here, from size, load and compatibility, with why and why not the others. */
export function proposeStrategy(assessment: Assessment): Strategy {
  return describeStrategy(proposedKind(assessment), assessment);
}

/** A strategy the user chose, with what speaks for it here and against the others. */
export function describeStrategy(kind: Kind, assessment: Assessment): Strategy {
  const facts = factsOf(assessment);
  return {
    kind,
    why: whyFor(kind, facts),
    alternatives: strategyKinds
      .filter((other) => other !== kind)
      .map((other) => ({ kind: other, why: whyNot(other, facts) })),
  };
}

/**
 * All at once only where nothing has to be compatible and nobody has to wait: no code and no object knows the
 * column, and the table is empty, or small on a database that nobody is connected to.
 */
function proposedKind(assessment: Assessment): Kind {
  const facts = factsOf(assessment);
  const unknown = facts.rows === null || assessment.codeReferences.truncated;
  if (unknown || facts.places > 0 || facts.dependents > 0) return 'incremental';
  if (facts.rows === 0) return 'big-bang';
  const small = facts.rows! <= smallTable.rows && facts.bytes <= smallTable.bytes;
  return small && facts.sessions === 0 && facts.openTransactions === 0 ? 'big-bang' : 'incremental';
}

/** What the proposal is made from. */
interface StrategyFacts {
  /** null where the server has no estimate. */
  rows: number | null;
  bytes: number;
  databaseBytes: number;
  /** Other sessions at the moment of the assessment; null where they were not read. */
  sessions: number | null;
  openTransactions: number;
  places: number;
  files: number;
  dependents: number;
  rewriteMilliseconds: number;
}

function factsOf(assessment: Assessment): StrategyFacts {
  const { table, server, codeReferences, change } = assessment;
  const { places, files } = countCodeReferences(codeReferences, change);
  const clients = server.clients as Assessment['server']['clients'] | undefined;
  return {
    rows: table.rows.source === 'unknown' ? null : Math.max(0, Math.round(table.rows.count)),
    bytes: table.bytes.total,
    databaseBytes: server.databaseBytes,
    sessions: clients ? clients.reduce((sum, client) => sum + client.sessions, 0) : null,
    openTransactions: server.longTransactions.length,
    places,
    files,
    dependents: countDependentObjects(assessment),
    rewriteMilliseconds: backfillForecast(table, 0).holdMilliseconds?.high ?? 0,
  };
}

function whyFor(kind: Kind, facts: StrategyFacts): string {
  switch (kind) {
    case 'incremental':
      return [
        t('Size: {0}.', sizeWords(facts)),
        t('Load: {0}.', loadWords(facts)),
        t('Compatibility: {0}.', compatibilityWords(facts)),
        t(
          'In phases each step holds its locks for a moment only, old and new code run side by side, and every step before the last can be taken back.',
        ),
      ].join(' ');
    case 'big-bang':
      return t(
        'Size: {0}. Load: {1}. Compatibility: {2}. Everything happens in one release; the application stands still meanwhile. The steps are the same, without a waiting time between them.',
        sizeWords(facts),
        loadWords(facts),
        compatibilityWords(facts),
      );
    case 'blue-green':
      return t(
        'A second environment with its own copy of the database ({0}) takes over at once. The steps bring that database to a schema which both environments can use before the traffic moves.',
        bytesText(facts.databaseBytes),
      );
    case 'strangler-fig':
      return t(
        'Callers ({0} known places in the code) move to the new shape one after the other. The steps keep both shapes equal until the last has moved.',
        facts.places,
      );
  }
}

function whyNot(kind: Kind, facts: StrategyFacts): string {
  switch (kind) {
    case 'incremental':
      return t('It takes longer: several releases, and a waiting time before the old shape goes.');
    case 'big-bang':
      return facts.places === 0 && facts.dependents === 0
        ? t(
            'It would do as far as the code is known. But the application has to stand still for it, and every client that is not known fails at once.',
          )
        : t(
            '{0} and {1} know the old shape. They fail from the moment of the change until the new release is everywhere. Rewriting the rows at once takes up to {2}, and going back needs a second outage.',
            describeCount(facts),
            databaseObjects(facts.dependents),
            durationText(facts.rewriteMilliseconds),
          );
    case 'blue-green':
      return t(
        'It needs a second copy of the whole database ({0}), kept equal by replication, and a moment without writes to change over. The change concerns {1} of it.',
        bytesText(facts.databaseBytes),
        bytesText(facts.bytes),
      );
    case 'strangler-fig':
      return t(
        'It replaces a whole system behind a router, part by part. Here one table changes, and its callers ({0} known places) can all work with the old and the new shape at once.',
        facts.places,
      );
  }
}

function sizeWords({ rows, bytes }: StrategyFacts): string {
  return rows === null
    ? t('a number of rows not known, {0} with indexes', bytesText(bytes))
    : t('{0}, {1} with indexes', rowsText(rows), bytesText(bytes));
}

function loadWords({ sessions, openTransactions }: StrategyFacts): string {
  const open =
    openTransactions === 0
      ? t('no transaction open for long')
      : t('transactions open for longer than 30 s: {0}', openTransactions);
  return sessions === null ? open : t('other sessions connected at the assessment: {0}; {1}', sessions, open);
}

function compatibilityWords({ places, files, dependents }: StrategyFacts): string {
  return places === 0 && dependents === 0
    ? t('no code in this workspace and no object of the database uses what changes')
    : t(
        'code in {0} and {1} use what changes and have to go on working',
        describeCount({ places, files }),
        databaseObjects(dependents),
      );
}

function databaseObjects(count: number): string {
  return count === 1 ? t('1 object of the database') : t('{0} objects of the database', count);
}
