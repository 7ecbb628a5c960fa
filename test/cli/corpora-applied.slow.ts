import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { FolderStatus } from '../../src/journey/migrations';
import { openTerminal } from './terminal';

const corpora = path.resolve(__dirname, '../../../shared/corpora');

/** Real histories that need nothing beside themselves; what reads them, and how many migrations there are. */
const histories = [
  ['authelia', 'plain', 26],
  ['coder', 'golang-migrate', 107],
  ['mattermost', 'golang-migrate', 158],
  ['svix', 'golang-migrate', 16],
  ['uaa', 'flyway', 89],
] as const;

describe('real histories, from empty through Switchback', function () {
  this.timeout(300_000);

  for (const [name, layout, count] of histories) {
    it(`applies all of ${name}, and the history agrees`, async function () {
      const folder = path.join(corpora, name);
      if (!existsSync(folder)) {
        console.log(`not run: the corpus ${name} is missing`);
        return this.skip();
      }
      const files = readdirSync(folder).map((file) => [
        `migrations/${file}`,
        readFileSync(path.join(folder, file)),
      ]);
      const terminal = await openTerminal(18, {
        ...(Object.fromEntries(files) as Record<string, Buffer>),
        '.switchback/config.json': '{ "migrations": ["migrations"] }',
      });
      try {
        const status = async (): Promise<FolderStatus> => {
          const answer = await terminal.run('status', '--format', 'json');
          return answer.json<{ folders: FolderStatus[] }>().folders[0]!;
        };
        const before = await status();
        assert.equal(before.layout, layout);
        assert.equal(before.statuses.length, count);
        const last = before.statuses.at(-1)!;
        await terminal.succeed('apply', last.migration!.upPath, '--to-here', '--yes', 'consent-schema');
        const { statuses } = await status();
        assert.deepEqual(
          statuses.filter(({ state, flags }) => state !== 'applied' || flags.includes('edited')),
          [],
        );
      } finally {
        await terminal.close();
      }
    });
  }
});
