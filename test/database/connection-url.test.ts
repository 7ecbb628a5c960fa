import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { sslModes, type Connection } from '../../src/database/connection';
import { formatConnectionUrl, isPostgresUrl, parseConnectionUrl } from '../../src/database/connection-url';
import { isSwitchbackError } from '../../src/messages/error';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

/** What a URL says of a connection. */
function said(connection: Connection): Partial<Connection> {
  const { id: _id, name: _name, environment: _environment, kind: _kind, ...rest } = connection;
  return rest;
}

describe('connection URLs', () => {
  it('reads every part', () => {
    const { connection, password, ignored } = parseConnectionUrl(
      'postgresql://app:s%40cret%2F@db.example:6432/shop%20db?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&options=-c%20search_path%3Dapp&schema=x',
    );
    assert.deepEqual(said(connection), {
      host: 'db.example',
      port: 6432,
      database: 'shop db',
      user: 'app',
      sslmode: 'verify-full',
      sslRootCert: '/ca.pem',
      connectTimeoutSeconds: 3,
      options: '-c search_path=app',
    });
    assert.equal(password, 's@cret/');
    assert.deepEqual(ignored, ['schema']);
  });

  it('has defaults: localhost, 5432, prefer, and the database named like the user', () => {
    const { connection, password } = parseConnectionUrl('postgres://app@');
    assert.deepEqual(said(connection), {
      host: 'localhost',
      port: 5432,
      database: 'app',
      user: 'app',
      sslmode: 'prefer',
    });
    assert.equal(password, null);
  });

  it('reads addresses, socket folders, drivers and the habits of other tools', () => {
    const host = (url: string): string => parseConnectionUrl(url).connection.host;
    assert.equal(host('postgresql://app@[::1]:5433/shop'), '::1');
    assert.equal(host('postgresql://app@%2Fvar%2Frun%2Fpostgresql/shop'), '/var/run/postgresql');
    assert.equal(host('postgresql://app@/shop?host=/tmp'), '/tmp');
    assert.equal(host('jdbc:postgresql://db/shop?user=app'), 'db');
    assert.equal(host('postgresql+asyncpg://app@db/shop'), 'db');
    assert.equal(parseConnectionUrl('postgres://app:p@ss@db/shop').password, 'p@ss');
    assert.equal(parseConnectionUrl('postgres://app@db/shop?ssl=true').connection.sslmode, 'require');
    assert.equal(
      parseConnectionUrl('postgres://app@db/shop?sslmode=no-verify').connection.sslmode,
      'require',
    );
    assert.equal(
      parseConnectionUrl('postgres://app@db/shop?sslrootcert=system').connection.sslmode,
      'verify-full',
    );
  });

  it("reads libpq's key=value text", () => {
    const { connection, password } = parseConnectionUrl(
      String.raw`host=/tmp port = 5433 dbname='my \'db\'' user=a\ b password=''`,
    );
    assert.deepEqual(said(connection), {
      host: '/tmp',
      port: 5433,
      database: "my 'db'",
      user: 'a b',
      sslmode: 'prefer',
    });
    assert.equal(password, null);
  });

  it('refuses with a sentence that does not hold the password', () => {
    const secret = 'hunter2secret';
    const wrong = [
      `mysql://app:${secret}@db/shop`,
      `postgres://app:${secret}@db:0/shop`,
      `postgres://app:${secret}@db:abc/shop`,
      `postgres://app:${secret}@one,two/shop`,
      `postgres://app:${secret}@one:1,two:2/shop`,
      `postgres://app:${secret}%zz@db/shop`,
      `postgres://app:${secret}@db/shop?sslmode=maybe`,
      `postgres://app:${secret}@db/shop?connect_timeout=soon`,
      `postgres://app:${secret}@[::1/shop`,
      `postgres://app:${secret}@db/shop?=x`,
      `password=${secret} host='open`,
      secret,
    ];
    for (const one of wrong) {
      assert.throws(
        () => parseConnectionUrl(one),
        (error) =>
          isSwitchbackError(error, 'usage') &&
          error.sentence.length > 20 &&
          !inspect(error, { depth: 9 })
            .replaceAll(/\n +at .*/g, '')
            .includes(secret),
        one,
      );
    }
  });

  it('asks for %XX where special characters cut a password, and tells nothing of it', () => {
    const wrong = [
      'postgres://app:s3cr/et@localhost/db',
      'postgres://app:12345/abc@localhost/db',
      'postgres://app:12345?abc@localhost/db',
      'postgres://app:12345?a=b@localhost/db',
      'postgres://app:12345/a?b@localhost/db',
      'postgres://app:12345/a#b@localhost/db',
      'postgres://app:12345#a/b@localhost/db',
      'postgres://app:p@12345/abc@localhost/db?sslmode=require',
      'postgres://app:one,two/abc@localhost/db',
      'postgres://a/pp:12345@localhost/db',
    ];
    for (const one of wrong) {
      assert.throws(
        () => parseConnectionUrl(one),
        (error) =>
          isSwitchbackError(error, 'usage') &&
          error.sentence.includes('%2F for /') &&
          !/s3cr|et@|12345|abc|one|app|localhost/.test(error.sentence),
        one,
      );
    }
    assert.equal(parseConnectionUrl('postgres://app:a#b@localhost/db').password, 'a#b');
    assert.equal(
      parseConnectionUrl('jdbc:postgresql://db/shop?user=a@server&password=p@ss').connection.user,
      'a@server',
    );
  });

  it('tells nothing of a password of any signs that is not escaped', () => {
    const signs = fc.array(fc.constantFrom('/', '?', '#', '@', ':', '7', '=', '&', ','), { maxLength: 8 });
    fc.assert(
      fc.property(signs, signs, (before, behind) => {
        const url = `postgres://app:${before.join('')}hunter2${behind.join('')}@localhost/db`;
        try {
          const { connection, password } = parseConnectionUrl(url);
          assert.equal(connection.host, 'localhost');
          assert.equal(password, `${before.join('')}hunter2${behind.join('')}`);
        } catch (error) {
          assert.ok(isSwitchbackError(error, 'usage'), url);
          assert.doesNotMatch(error.sentence, /hunter2/);
        }
      }),
    );
  });

  it('reads what it writes, whatever the names are', () => {
    fc.assert(
      fc.property(
        fc.record({
          host: fc.oneof(text, fc.ipV6(), fc.ipV4()),
          database: text,
          user: text,
          options: fc.option(text, { nil: undefined }),
        }),
        fc.integer({ min: 1, max: 65_535 }),
        fc.constantFrom(...sslModes),
        (names, port, sslmode) => {
          fc.pre(!names.host.includes(','));
          const full = {
            id: 'x',
            name: 'x',
            environment: 'development' as const,
            kind: 'server' as const,
            ...names,
            port,
            sslmode,
          };
          const again = parseConnectionUrl(formatConnectionUrl(full));
          assert.deepEqual({ options: undefined, ...said(again.connection) }, { ...said(full) });
          assert.equal(again.password, null);
        },
      ),
    );
  });

  it('two connections to the same place have the same id', () => {
    const id = (url: string): string => parseConnectionUrl(url).connection.id;
    assert.equal(id('postgres://app:one@db/shop'), id('host=db user=app dbname=shop sslmode=disable'));
    assert.notEqual(id('postgres://app@db/shop'), id('postgres://app@db/other'));
    assert.equal(isPostgresUrl('https://example.org'), false);
  });
});
