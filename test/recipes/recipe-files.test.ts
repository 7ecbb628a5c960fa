import { testMajors } from '../support/servers';
import type { Shadow } from '../../src/shadow/shadow';
import { recipeCases } from './cases';
import { firstOfEachKind } from './first-of-each-kind';
import { openRecipeShadow, proveFiles } from './prove-files';

const newest = testMajors.at(-1)!;

describe('the files of a plan, whatever the recipe', function () {
  this.timeout(60_000);
  let shadow: Shadow;

  before(async () => {
    shadow = await openRecipeShadow(newest);
  });
  after(() => shadow?.dispose());

  for (const play of firstOfEachKind(recipeCases))
    it(`${play.title}: give Switchback nothing to find, and rehearse exact`, () =>
      proveFiles(play, shadow, newest));
});
