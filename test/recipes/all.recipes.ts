import fc from 'fast-check';
import { testMajors, type TestMajor } from '../support/servers';
import type { Shadow } from '../../src/shadow/shadow';
import { recipeCases } from './cases';
import { proveRecipe } from './prove-recipe';
import { openRecipeShadow, proveFiles } from './prove-files';
import { otherColumns } from './random-columns';
import { randomNames } from './random-names';
import { hostileNames, plainNames, type NamedCase } from './recipe-case';

/** How many random plays there are of each case and version. */
const plays = Number(process.env['SWITCHBACK_RECIPE_PLAYS'] ?? 6);

for (const major of testMajors) {
  describe(`every recipe on PostgreSQL ${major}`, function () {
    this.timeout(300_000);
    let shadow: Shadow;
    before(async () => {
      shadow = await openRecipeShadow(major);
    });
    after(() => shadow?.dispose());

    for (const play of recipeCases) {
      if ((play.since ?? 0) > major) continue;
      everyWayOf(play, major);
      it(`${play.title}: its files have no finding and rehearse exact`, () =>
        proveFiles(play, shadow, major));
    }
  });
}

function everyWayOf(play: NamedCase, major: TestMajor): void {
  it(`${play.title}: to the end while the application runs`, () =>
    proveRecipe(play, { major, names: plainNames, rollBackAfter: null, load: true }));

  it(`${play.title}: all the way and back while the application runs`, () =>
    proveRecipe(play, { major, names: hostileNames, rollBackAfter: Infinity, load: true }));

  it(`${play.title}: ${plays} random ways`, () =>
    fc.assert(
      fc.asyncProperty(
        randomNames,
        fc.option(fc.integer({ min: 1, max: 20 }), { freq: 3 }),
        fc.boolean(),
        otherColumns,
        (names, rollBackAfter, load, others) =>
          proveRecipe(play, { major, names, rollBackAfter, load, others }),
      ),
      { numRuns: plays, endOnFailure: true },
    ));
}
