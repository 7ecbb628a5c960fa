import fc from 'fast-check';
import { testMajors } from '../support/servers';
import { recipeCases } from './cases';
import { firstOfEachKind } from './first-of-each-kind';
import { proveRecipe } from './prove-recipe';
import { hostileNames, plainNames } from './recipe-case';
import { otherColumns } from './random-columns';
import { randomNames } from './random-names';

const newest = testMajors.at(-1)!;
/** Cases that are played in random ways, which a seed makes the same each time; \`npm run test:recipes\` plays them all. */
const sampled = 12;

describe('recipes, on the newest PostgreSQL', function () {
  this.timeout(60_000);

  for (const [index, play] of firstOfEachKind(recipeCases).entries()) {
    it(`${play.title}: to the end`, () =>
      proveRecipe(play, { major: newest, names: hostileNames, rollBackAfter: null, load: false }));

    it(`${play.title}: half-way and back`, () =>
      proveRecipe(play, { major: newest, names: plainNames, rollBackAfter: 1 + (index % 5), load: false }));
  }

  const ways = fc.record({
    play: fc.constantFrom(...recipeCases),
    names: randomNames,
    rollBackAfter: fc.option(fc.integer({ min: 1, max: 20 }), { freq: 3 }),
    load: fc.boolean(),
    others: otherColumns,
  });
  for (const [index, { play, ...proof }] of fc.sample(ways, { numRuns: sampled, seed: 20_260_301 }).entries())
    it(`${play.title}: a random way, number ${index + 1}`, () =>
      proveRecipe(play, { major: newest, ...proof }));
});
