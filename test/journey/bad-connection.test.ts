import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import assert from 'node:assert/strict';
import os from 'node:os';
import path from 'node:path';
import { startOldServer } from '../support/old-server';
import { testMajors, testServer, type TestDatabase } from '../support/servers';
import { switchback } from '../cli/support';
import { assertSentence } from './journey';

const folder = path.join(os.tmpdir());

/** The one sentence a verb says when it cannot connect; exits 3, and standard output stays empty. */
async function refusal(url: string, password: string): Promise<string> {
  const answer = await switchback(
    folder,
    { PGPASSWORD: password, SHOP_URL: url },
    ...[
      'assess',
      'rename-column',
      '--table',
      'a',
      '--from',
      'b',
      '--to',
      'c',
      '--database-url',
      'env:SHOP_URL',
    ],
  );
  assert.equal(answer.exitCode, 3, answer.told.join('\n'));
  assert.equal(answer.out, '');
  assert.equal(answer.told.length, 1, answer.told.join('\n'));
  assert.ok(!answer.told[0]!.includes(password));
  return answer.told[0]!;
}

describe('a database that cannot be connected to', function () {
  this.timeout(60_000);

  it('unreachable host: nothing listens, and a name nobody knows', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    assertSentence(
      await refusal(`postgres://app@127.0.0.1:${port}/shop`, 'secret'),
      `shop on 127.0.0.1:${port}`,
      'nothing listens there',
      'Check host and port',
    );
    assertSentence(
      await refusal('postgres://app@no-such-host.invalid/shop', 'secret'),
      'shop on no-such-host.invalid:5432',
      'Check the host name',
    );
  });

  it('a server older than 12', async () => {
    const old = await startOldServer('11.22');
    try {
      assertSentence(
        await refusal(`postgres://app@127.0.0.1:${old.port}/shop?sslmode=disable`, 'secret'),
        `127.0.0.1:${old.port}`,
        'runs PostgreSQL 11.22; Switchback needs 12',
      );
    } finally {
      await old.close();
    }
  });

  for (const major of testMajors) {
    describe(`PostgreSQL ${major}`, () => {
      let database: TestDatabase;
      before(async () => {
        database = await (await testServer({ major })).createDatabase();
      });
      after(() => database.drop());

      const url = (changes: { database?: string; sslmode?: string; user?: string } = {}): string => {
        const { host, port, user, database: name } = database.connection;
        return `postgres://${changes.user ?? user}@${host}:${port}/${changes.database ?? name}?sslmode=${changes.sslmode ?? 'disable'}`;
      };

      it('wrong password', async () => {
        assertSentence(
          await refusal(url(), 'not-the-password'),
          `${database.connection.database} on `,
          `did not accept the password of "${database.connection.user}"`,
          'Enter the password again',
        );
      });

      it('refused TLS', async () => {
        assertSentence(
          await refusal(url({ sslmode: 'require' }), database.password),
          'does not offer TLS',
          'Choose sslmode "prefer" or "disable"',
        );
      });
    });
  }
});
