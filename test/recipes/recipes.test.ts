import { testMajors } from '../support/servers';
import { recipeCases } from './cases';
import { proveRecipe } from './prove-recipe';
import { hostileNames, plainNames } from './recipe-case';

const newest = testMajors.at(-1)!;

describe('recipes, on the newest PostgreSQL', function () {
  this.timeout(60_000);
  for (const [index, play] of recipeCases.entries()) {
    if ((play.since ?? 0) > newest) continue;
    it(`${play.title}: to the end`, () =>
      proveRecipe(play, { major: newest, names: hostileNames, rollBackAfter: null, load: false }));

    it(`${play.title}: half-way and back`, () =>
      proveRecipe(play, { major: newest, names: plainNames, rollBackAfter: 1 + (index % 5), load: false }));
  }
});
