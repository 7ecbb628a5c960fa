import assert from 'node:assert/strict';
import { chown, chmod, copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testMajors, testServer, type TestServer } from '../support/servers';
import { openSession } from '../../src/database/connect';
import { sslModes, type Connection, type SslMode } from '../../src/database/connection';
import { isSwitchbackError, type ErrorCode } from '../../src/messages/error';
import { failure } from './failure';
import { eventually } from './eventually';

const certificates = join(__dirname, 'certificates');
const authority = join(certificates, 'authority.crt');
const otherAuthority = join(certificates, 'other-authority.crt');

type Outcome = 'tls' | 'plain' | ErrorCode;

for (const major of testMajors) {
  describe(`sslmode on PostgreSQL ${major}`, function () {
    this.timeout(30_000);
    let secure: TestServer;
    let insecure: TestServer;
    let home: string;
    let previousHome: string | undefined;

    before(async function () {
      this.timeout(90_000);
      insecure = await testServer({ major });
      secure = await testServer({ major, settings: { cluster_name: 'tls' } });
      const files = await serverFiles(secure);
      await secure.server.restart({
        settings: { ssl: true, ssl_cert_file: files.cert, ssl_key_file: files.key, ssl_ca_file: files.ca },
      });
    });
    beforeEach(async () => {
      home = await mkdtemp(join(tmpdir(), 'switchback-home-'));
      previousHome = process.env['HOME'];
      process.env['HOME'] = home;
    });
    afterEach(async () => {
      if (previousHome === undefined) delete process.env['HOME'];
      else process.env['HOME'] = previousHome;
      await rm(home, { recursive: true, force: true });
    });

    /** How the session talks, as the server sees it; or why there is none. */
    async function outcome(test: TestServer, change: Partial<Connection>): Promise<Outcome> {
      try {
        const session = await openSession({ ...test.server.connection(), ...change }, test.server.password);
        const { rows } = await session.query<{ ssl: boolean }>(
          'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
        );
        await session.close();
        return rows[0]!.ssl ? 'tls' : 'plain';
      } catch (error) {
        if (isSwitchbackError(error)) return error.code;
        throw error;
      }
    }

    async function outcomes(
      test: TestServer,
      change: Partial<Connection> = {},
    ): Promise<Record<SslMode, Outcome>> {
      const pairs: [SslMode, Outcome][] = [];
      for (const sslmode of sslModes) pairs.push([sslmode, await outcome(test, { ...change, sslmode })]);
      return Object.fromEntries(pairs) as Record<SslMode, Outcome>;
    }

    it('against a server without TLS', async () => {
      const expected = { disable: 'plain', allow: 'plain', prefer: 'plain', require: 'tls-refused' };
      assert.deepEqual(await outcomes(insecure, { sslRootCert: authority }), {
        ...expected,
        'verify-ca': 'tls-refused',
        'verify-full': 'tls-refused',
      });
    });

    it('against a server with TLS, without a root certificate', async () => {
      assert.deepEqual(await outcomes(secure), {
        disable: 'plain',
        allow: 'plain',
        prefer: 'tls',
        require: 'tls',
        'verify-ca': 'tls-refused',
        'verify-full': 'tls-refused',
      });
    });

    it('with the right root certificate: the name counts in verify-full alone', async () => {
      const byAddress = { sslRootCert: authority, host: '127.0.0.1' };
      const expected = {
        disable: 'plain',
        allow: 'plain',
        prefer: 'tls',
        require: 'tls',
        'verify-ca': 'tls',
      };
      assert.deepEqual(await outcomes(secure, byAddress), { ...expected, 'verify-full': 'tls-refused' });
      const byName = { sslRootCert: authority, host: 'localhost' };
      assert.deepEqual(await outcomes(secure, byName), { ...expected, 'verify-full': 'tls' });
    });

    it('with a root certificate of another authority: prefer goes on without TLS, require does not', async () => {
      assert.deepEqual(await outcomes(secure, { sslRootCert: otherAuthority, host: 'localhost' }), {
        disable: 'plain',
        allow: 'plain',
        prefer: 'plain',
        require: 'tls-refused',
        'verify-ca': 'tls-refused',
        'verify-full': 'tls-refused',
      });
    });

    it('takes ~/.postgresql/root.crt when it is there, as libpq does', async () => {
      await mkdir(join(home, '.postgresql'));
      await copyFile(authority, join(home, '.postgresql', 'root.crt'));
      assert.equal(await outcome(secure, { sslmode: 'verify-full', host: 'localhost' }), 'tls');
      await copyFile(otherAuthority, join(home, '.postgresql', 'root.crt'));
      assert.equal(await outcome(secure, { sslmode: 'require' }), 'tls-refused');
    });

    it("sslrootcert=system means the machine's own authorities, and verify-full only", async () => {
      const system = { sslRootCert: 'system', host: 'localhost' };
      const previous = process.env['SSL_CERT_FILE'];
      try {
        process.env['SSL_CERT_FILE'] = authority;
        assert.equal(await outcome(secure, { ...system, sslmode: 'verify-full' }), 'tls');
        process.env['SSL_CERT_FILE'] = otherAuthority;
        assert.equal(await outcome(secure, { ...system, sslmode: 'verify-full' }), 'tls-refused');
      } finally {
        if (previous === undefined) delete process.env['SSL_CERT_FILE'];
        else process.env['SSL_CERT_FILE'] = previous;
      }
      assert.equal(await outcome(secure, { ...system, sslmode: 'require' }), 'usage');
    });

    it('names a certificate file that is not there', async () => {
      const missing = join(home, 'missing.crt');
      const connection = { ...secure.server.connection(), sslmode: 'require' as const, sslRootCert: missing };
      const error = await failure(openSession(connection, secure.server.password), 'invalid-file');
      assert.ok(error.sentence.includes(missing));
    });

    it('says that the certificate is for another name', async () => {
      const connection = {
        ...secure.server.connection(),
        sslmode: 'verify-full' as const,
        sslRootCert: authority,
      };
      const error = await failure(openSession(connection, secure.server.password), 'tls-refused');
      assert.match(error.sentence, /another host name/);
    });

    it('allow goes on with TLS, and prefer without, where pg_hba.conf asks for it', async () => {
      await withRules(secure, 'hostssl all all 127.0.0.1/32 scram-sha-256', async () => {
        assert.equal(await outcome(secure, { sslmode: 'disable' }), 'authentication');
        assert.equal(await outcome(secure, { sslmode: 'allow' }), 'tls');
      });
      await withRules(secure, 'hostnossl all all 127.0.0.1/32 scram-sha-256', async () => {
        assert.equal(await outcome(secure, { sslmode: 'prefer' }), 'plain');
        assert.equal(await outcome(secure, { sslmode: 'require' }), 'authentication');
      });
    });

    it('shows a client certificate, also one in ~/.postgresql', async () => {
      await withRules(secure, 'hostssl all all 127.0.0.1/32 cert', async () => {
        const files = { sslCert: join(certificates, 'client.crt'), sslKey: join(certificates, 'client.key') };
        assert.equal(await outcome(secure, { sslmode: 'require', ...files }), 'tls');
        assert.equal(await outcome(secure, { sslmode: 'require' }), 'authentication');
        await mkdir(join(home, '.postgresql'));
        await copyFile(files.sslCert, join(home, '.postgresql', 'postgresql.crt'));
        await copyFile(files.sslKey, join(home, '.postgresql', 'postgresql.key'));
        assert.equal(await outcome(secure, { sslmode: 'require' }), 'tls');
      });
    });

    it('a wrong password is told as such in every mode that reaches the server', async () => {
      for (const sslmode of ['disable', 'allow', 'prefer', 'require'] as const) {
        const error = await failure(
          openSession({ ...secure.server.connection(), sslmode }, 'wrong'),
          'authentication',
        );
        assert.equal(error.details['sqlstate'], '28P01');
      }
    });

    it('cancels through TLS', async () => {
      const connection = {
        ...secure.server.connection(),
        sslmode: 'verify-full' as const,
        sslRootCert: authority,
        host: 'localhost',
      };
      await withRules(secure, 'hostssl all all all scram-sha-256', async () => {
        const session = await openSession(connection, secure.server.password);
        const other = await openSession(connection, secure.server.password);
        const slow = failure(session.query('select pg_sleep(60)'), 'cancelled');
        await eventually(
          other,
          `select 1 from pg_stat_activity where pid = ${session.facts.pid} and state = 'active'`,
        );
        await session.cancel();
        await slow;
        await Promise.all([session.close(), other.close()]);
      });
    });
  });
}

/** Copies of the certificates that the server's own user may read. */
async function serverFiles(test: TestServer): Promise<Record<'cert' | 'key' | 'ca', string>> {
  const { dataFolder } = test.server;
  const { uid, gid } = await stat(dataFolder);
  const copy = async (name: string): Promise<string> => {
    const path = join(dataFolder, name);
    await copyFile(join(certificates, name), path);
    await chmod(path, 0o600);
    await chown(path, uid, gid);
    return path;
  };
  return { cert: await copy('server.crt'), key: await copy('server.key'), ca: await copy('authority.crt') };
}

/** Runs `work` while TCP connections of pg_hba.conf follow one rule, then puts the ordinary rule back. */
async function withRules(test: TestServer, rule: string, work: () => Promise<void>): Promise<void> {
  const { server } = test;
  const ordinary = 'host all all all scram-sha-256';
  const path = join(server.dataFolder, 'pg_hba.conf');
  const session = await openSession(server.connection(), server.password);
  const put = async (line: string): Promise<void> => {
    await writeFile(path, `${line}\n`);
    await session.query('select pg_reload_conf()');
    // The postmaster re-reads the file when the signal reaches it.
    await new Promise((resolve) => setTimeout(resolve, 300));
  };
  try {
    await put(rule);
    await work();
  } finally {
    await put(ordinary);
    await session.close();
  }
}
