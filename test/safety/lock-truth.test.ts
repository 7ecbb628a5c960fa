import assert from 'node:assert/strict';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import type { Forecast } from '../../src/safety/forecast';
import {
  classOn,
  compareLocks,
  forecastOne,
  readTruth,
  schemaAfter,
  score,
  shareRight,
  truthFolder,
  truthIsPresent,
  truthMajors,
  type Score,
  type Truth,
} from './lock-truth';

describe('locks and work as measured before', () => {
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

  for (const major of truthMajors) {
    describe(`on PostgreSQL ${major}`, () => {
      const after = (truth: Truth): Forecast =>
        forecastOne(parser, truth.sql, schemaAfter(parser, fixture, ...(truth.setup ?? [])), major);

      it('forecasts the strongest lock of every relation, indexes too, after fixture.sql', () => {
        const agreement = compareLocks(statements, major, after);
        const all = agreement.right + agreement.wrong.length;
        console.log(
          `      locks right: ${agreement.right} of ${all}\n        ${agreement.wrong.join('\n        ')}`,
        );
        assert.ok(all > 240);
        assert.ok(shareRight(agreement) >= 0.98);
      });

      it('finds what was dangerous there, and raises no more than the false alarms allowed', () => {
        const judged = statements.flatMap((truth) => {
          const found = classOn(truth, major);
          return found === null ? [] : [{ ...truth, class: found }];
        });
        const alone = score(judged, (truth) => forecastOne(parser, truth.sql, null, major));
        const known = score(judged, after);
        print(`${major}, alone`, alone);
        print(`${major}, after fixture.sql`, known);
        assert.ok(alone.found >= alone.dangerous - 4 && alone.falseAlarms <= 8);
        assert.ok(known.found >= known.dangerous - 1 && known.falseAlarms <= 2);
        assert.ok(known.dangerous >= 38);
      });
    });
  }

  it('takes for dangerous on 18 what the truth calls so', () => {
    for (const truth of statements) {
      const found = classOn(truth, 18);
      if (found !== null) assert.equal(found, truth.class, truth.id);
    }
  });
});
