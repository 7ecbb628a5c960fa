import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { followCatalog, type FollowedCatalog } from '../../src/catalog/follow-catalog';
import { readCatalog } from '../../src/catalog/read-catalog';
import { compareWithDump, seenByOne } from './compare-with-dump';
import { startDumpServer, type DumpServer } from './dump-server';
import { mutationsOf } from './mutations';

const corpora = path.resolve(__dirname, '..', '..', '..', 'shared', 'corpora');

interface State {
  text: string;
  followed: FollowedCatalog;
}

describe('the catalog beside pg_dump, change by change and over histories of real projects', function () {
  this.timeout(900_000);
  let server: DumpServer | null = null;

  before(async () => {
    server = await startDumpServer();
  });
  after(async () => {
    await server?.stop();
  });

  it('differs after a change when, and only when, the text of pg_dump does: every change', async function () {
    if (!server) return this.skip();
    const { disagreements, reasons } = await compareWithDump(server, mutationsOf(server.major));
    assert.deepEqual(disagreements, []);
    assert.deepEqual(
      seenByOne.map(({ reason }) => reason).filter((reason) => !reasons.has(reason)),
      [],
      'a reason that nothing needs',
    );
  });

  for (const corpus of ['authelia', 'svix', 'coder', 'mattermost']) {
    it(`${corpus}: both change with the same migrations, and following is reading all`, async function () {
      const folder = path.join(corpora, corpus);
      if (!server || !existsSync(folder)) {
        console.log(`Not run: ${server ? folder : 'pg_dump'} is missing.`);
        return this.skip();
      }
      const session = await server.open(corpus);
      const files = (await readdir(folder)).filter((name) => name.endsWith('.up.sql')).sort();
      let last: State = {
        text: await server.dump(corpus),
        followed: await followCatalog(session, null),
      };
      const disagreements: string[] = [];
      let ran = 0;
      for (const file of files.slice(0, 60)) {
        const sql = await readFile(path.join(folder, file), 'utf8');
        const failed = await session.script(sql).then(
          () => false,
          () => true,
        );
        if (failed) await session.script('ROLLBACK');
        else ran++;
        const now: State = {
          text: await server.dump(corpus),
          followed: await followCatalog(session, last.followed),
        };
        assert.deepEqual(now.followed.catalog, await readCatalog(session), file);
        const ours = compareCatalogs(last.followed.catalog, now.followed.catalog);
        const dumped = now.text !== last.text;
        if (dumped !== ours.length > 0)
          disagreements.push(`${file}: ${dumped ? 'pg_dump alone' : JSON.stringify(ours)}`);
        last = now;
      }
      await session.close();
      assert.deepEqual(disagreements, []);
      assert.ok(ran >= 15, `only ${ran} of ${files.length} migrations run`);
    });
  }
});
