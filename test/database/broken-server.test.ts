import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { startLocalServer, type LocalServer } from '../../src/shadow/local-server';
import { testBinaries, testMajors } from '../support/servers';
import { openSession } from '../../src/database/connect';
import { connectionFromParameters } from '../../src/database/connection-parameters';
import type { Connection } from '../../src/database/connection';
import { isSwitchbackError } from '../../src/messages/error';
import { answerAs } from '../support/old-server';
import { eventually } from './eventually';
import { failure } from './failure';

describe('servers that break', function () {
  this.timeout(30_000);
  for (const major of testMajors) {
    describe(`PostgreSQL ${major}`, () => {
      let server: LocalServer;
      before(async function () {
        this.timeout(60_000);
        server = await startLocalServer({ binaries: await testBinaries(major), durable: true });
      });
      after(() => server.stop());

      it('killed in the middle of a statement: the session is lost, and a new one finds what was committed', async () => {
        const session = await openSession(server.connection(), server.password);
        const other = await openSession(server.connection(), server.password);
        await session.script('create table kept(n int); insert into kept values (1)');
        const work = failure(
          session.transaction(async () => {
            await session.query('insert into kept values (2)');
            await session.query('select pg_sleep(60)');
          }),
          'connection-lost',
        );
        await eventually(
          other,
          `select 1 from pg_stat_activity where pid = ${session.facts.pid} and query like '%pg_sleep%'`,
        );
        await server.restart({ mode: 'immediate' });
        await work;
        assert.ok(isSwitchbackError(session.lost.reason, 'connection-lost'));
        await Promise.all([session.close(), other.close()]);
        const again = await openSession(server.connection(), server.password);
        assert.deepEqual((await again.query('select n from kept')).rows, [{ n: 1 }]);
        await again.close();
      });
    });
  }

  it('a network that swallows everything: cancelling breaks the session instead of waiting for ever', async function () {
    this.timeout(60_000);
    const server = await startLocalServer({ binaries: await testBinaries(18) });
    const proxy = await silentProxy(server);
    try {
      const session = await openSession(
        { ...server.connection(), port: proxy.port, connectTimeoutSeconds: 1 },
        server.password,
      );
      const slow = failure(session.query('select pg_sleep(60)'), 'connection-lost');
      const other = await openSession(server.connection(), server.password);
      await eventually(
        other,
        `select 1 from pg_stat_activity where pid = ${session.facts.pid} and state = 'active'`,
      );
      proxy.silence();
      await session.cancel();
      await slow;
      await Promise.all([session.close(), other.close()]);
    } finally {
      await proxy.close();
      await server.stop();
    }
  });

  it('is reached through a Unix socket, where sslmode does not count', async function () {
    this.timeout(60_000);
    const server = await startLocalServer({ binaries: await testBinaries(12), listen: 'socket' });
    try {
      const session = await openSession({ ...server.connection(), sslmode: 'require' }, null);
      const slow = failure(session.query('select pg_sleep(60)'), 'cancelled');
      const other = await openSession(server.connection(), null);
      await eventually(
        other,
        `select 1 from pg_stat_activity where pid = ${session.facts.pid} and state = 'active'`,
      );
      await session.cancel();
      await slow;
      await Promise.all([session.close(), other.close()]);
    } finally {
      await server.stop();
    }
  });

  it('a server that does not answer is unreachable after connect_timeout, and the attempt can be aborted', async () => {
    const deaf = createServer(() => undefined);
    const connection = await listening(deaf);
    try {
      const error = await failure(
        openSession({ ...connection, connectTimeoutSeconds: 1 }, 'secret'),
        'unreachable',
      );
      assert.match(error.sentence, /no answer in time/);
      const controller = new AbortController();
      const attempt = failure(
        openSession({ ...connection, connectTimeoutSeconds: 60 }, 'secret', { signal: controller.signal }),
        'cancelled',
      );
      const [client] = (await once(deaf, 'connection')) as [Socket];
      controller.abort();
      await attempt;
      client.destroy();
    } finally {
      deaf.close();
    }
  });

  it('a server that hangs up, and one that is no PostgreSQL, are unreachable', async () => {
    for (const answer of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n']) {
      const strange = createServer((socket) => socket.end(answer));
      const connection = await listening(strange);
      const error = await failure(openSession(connection, 'secret'), 'unreachable');
      assert.ok(error.sentence.includes(String(connection.port)));
      strange.close();
    }
  });

  it('a server older than 12 is told, and left again', async () => {
    const sockets: Socket[] = [];
    const old = createServer((socket) => {
      sockets.push(socket);
      answerAs(socket, ['110022', '11.22', 'shop', 'app', '4711']);
    });
    const connection = await listening(old);
    const error = await failure(openSession(connection, null), 'server-too-old');
    assert.match(error.sentence, /runs PostgreSQL 11\.22; Switchback needs 12/);
    if (!sockets[0]!.closed) await once(sockets[0]!, 'close');
    old.close();
  });
});

async function listening(server: Server): Promise<Connection> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return connectionFromParameters({
    host: '127.0.0.1',
    port: String(port),
    user: 'app',
    dbname: 'shop',
    sslmode: 'disable',
  }).connection;
}

/** Passes everything on until it is told to be silent: then nothing more comes through, and new clients get no answer. */
async function silentProxy(
  server: LocalServer,
): Promise<{ port: number; silence(): void; close(): Promise<void> }> {
  const open: Socket[] = [];
  let silent = false;
  const proxy = createServer((client) => {
    open.push(client);
    client.on('error', () => undefined);
    if (silent) return;
    const target = connect(server.port, server.host);
    open.push(target);
    target.on('error', () => undefined);
    client.on('data', (data) => silent || target.write(data));
    target.on('data', (data) => silent || client.write(data));
  });
  const { port } = await listening(proxy);
  return {
    port,
    silence: () => {
      silent = true;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
