import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { generateCorpusDowns, restores, type CorpusDown } from '../../bench/generated-downs';
import { openShadow } from '../../src/shadow/open-shadow';

const root = path.resolve(__dirname, '../..');
const corpora = path.resolve(root, '..', 'shared', 'corpora');
const names = ['authelia', 'coder', 'mas', 'mattermost', 'svix', 'uaa', 'umami'];

describe('ways back generated for the migrations of seven projects', function () {
  this.timeout(900_000);
  if (!existsSync(corpora)) {
    it(`needs the migrations in ${corpora}, which are not there: nothing was generated`, () => undefined);
    return;
  }

  it('restore the schema in 93 of 100 cases, and warn in the others', async () => {
    const found: CorpusDown[] = [];
    for (const corpus of names) {
      const shadow = await openShadow('local', {
        assets: { distFolder: path.join(root, 'dist') },
        binaries: { packageFolders: [root] },
      });
      try {
        found.push(...(await generateCorpusDowns(shadow, corpora, corpus)));
      } finally {
        await shadow.dispose();
      }
    }
    const restored = found.filter(restores).length;
    assert.ok(found.length > 400, `only ${found.length} migrations were found`);
    assert.ok(restored / found.length >= 0.93, `${restored} of ${found.length}`);
    for (const { corpus, version, down } of found) {
      if (down === null || restores({ corpus, version, down }) || down.rehearsal.verdict === 'text-only')
        continue;
      assert.equal(down.proven, false, `${corpus} ${version}`);
      const warning = [
        ...down.notes,
        down.rehearsal.error,
        ...down.rehearsal.differences.map(({ object }) => object),
      ];
      assert.ok(
        warning.some((each) => each),
        `${corpus} ${version} has no warning`,
      );
    }
  });
});
