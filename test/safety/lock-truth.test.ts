import assert from 'node:assert/strict';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import {
  forecastOne,
  readTruth,
  resultOf,
  schemaAfter,
  score,
  truthFolder,
  truthIsPresent,
  type Score,
} from './lock-truth';

describe('safety/lock-truth', () => {
  if (!truthIsPresent()) {
    it(`needs the measured locks in ${truthFolder}, which are not there: nothing was compared`, () =>
      undefined);
    return;
  }
  const { statements, fixture } = readTruth();
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const print = (title: string, result: Score): void => {
    console.log(
      `      ${title}: ${result.found} of ${result.dangerous} found, ${result.falseAlarms} of ${result.harmless} false alarms` +
        `\n        missed: ${result.missed.join(' ') || '-'}\n        false alarms: ${result.alarmed.join(' ') || '-'}`,
    );
  };

  it('finds at least 36 of 40 with the statement alone, with at most 8 false alarms', () => {
    const result = score(statements, (truth) => forecastOne(parser, truth.sql, null, 18));
    print('static, alone', result);
    assert.ok(result.found >= 36 && result.falseAlarms <= 8);
  });

  it('finds at least 39 of 40 with the migration before it, with at most 2 false alarms', () => {
    const result = score(statements, (truth) =>
      forecastOne(parser, truth.sql, schemaAfter(parser, fixture, ...(truth.setup ?? [])), 18),
    );
    print('static, after fixture.sql', result);
    assert.ok(result.found >= 39 && result.falseAlarms <= 2);
  });

  it('forecasts the strongest lock of tables, views and sequences on 12 and on 18', () => {
    let right = 0;
    const wrong: string[] = [];
    for (const major of [12, 18]) {
      for (const truth of statements) {
        const result = resultOf(truth, major);
        if (!result || result.error || !result.locks) continue;
        const forecast = forecastOne(
          parser,
          truth.sql,
          schemaAfter(parser, fixture, ...(truth.setup ?? [])),
          major,
        );
        const expected = new Map(
          result.locks.filter((lock) => lock.kind !== 'index').map((lock) => [lock.relation, lock.mode]),
        );
        const indexes = new Set(
          result.locks.filter((lock) => lock.kind === 'index').map((lock) => lock.relation),
        );
        const forecasted = new Map(
          forecast.locks
            .filter((lock) => !indexes.has(lock.relation))
            .map((lock) => [lock.relation, lock.mode]),
        );
        for (const relation of new Set([...expected.keys(), ...forecasted.keys()])) {
          if (expected.get(relation) === forecasted.get(relation)) right += 1;
          else
            wrong.push(
              `${major} ${truth.id} ${relation}: ${forecasted.get(relation)} (measured ${expected.get(relation)})`,
            );
        }
      }
    }
    const share = right / (right + wrong.length);
    console.log(
      `      locks right: ${right} of ${right + wrong.length}\n        ${wrong.join('\n        ')}`,
    );
    assert.ok(share >= 0.98);
  });
});
