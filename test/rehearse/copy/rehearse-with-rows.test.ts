import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import { rehearsalJson } from '../../../src/cli/formats/rehearsal-json';
import { rehearsalJunit } from '../../../src/cli/formats/rehearsal-junit';
import { rehearsalText } from '../../../src/cli/text/rehearsal';
import { installSchema } from '../../../src/database/switchback-schema';
import type { Configuration } from '../../../src/journey/configuration';
import { planStanding } from '../../../src/journey/progress';
import { readEvidence } from '../../../src/journey/evidence';
import { loadPlan } from '../../../src/journey/plans';
import { rehearseMigrations, rehearsePlan } from '../../../src/journey/rehearse';
import type { Rehearsal } from '../../../src/rehearse/rehearsal';
import type { JourneyContext } from '../../../src/journey/workspace';
import { testContext } from '../../support/journey-context';
import { serverFolderPrefix } from '../../../src/shadow/leftovers';
import { switchback, type CliAnswer } from '../../cli/support';
import { assertSays, openJourney, type Journey } from '../../journey/journey';

/** The last is for a table of another state of the schema: migrations speak of such a column. */
const masking: Configuration['masking'] = {
  'public.old_users.email': 'hash',
  'public.users.email': 'email',
  'public.users.phone': 'keep',
};

const files = {
  '.switchback/config.json': JSON.stringify({ masking }),
  'db/000001_users.up.sql':
    'create table users (id bigint primary key, email text not null, phone text, note text);\n',
  'db/000001_users.down.sql': 'drop table users;\n',
  'db/000002_note.up.sql': 'alter table users drop column note;\n',
  'db/000002_note.down.sql': 'alter table users add column note text;\n',
  'db/000003_phone.up.sql': 'alter table users alter column phone type bigint using phone::bigint;\n',
  'db/000003_phone.down.sql': 'alter table users alter column phone type text;\n',
  'db/000004_unique.up.sql': 'alter table users add constraint users_email unique (email);\n',
  'db/000004_unique.down.sql': 'alter table users drop constraint users_email;\n',
};

const schemaFile = path.resolve(__dirname, '../../../schemas/rehearse.schema.json');

describe('rehearsing on a copy of rows', function () {
  this.timeout(180_000);
  let journey: Journey;
  before(async () => {
    journey = await openJourney(
      18,
      `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
       insert into schema_migrations values (1, false);
       create table users (id bigint primary key, email text not null, phone text, note text);
       insert into users select g, 'person' || g % 60 || '@example.com', 'number ' || g, 'note ' || g from generate_series(1, 100) g;`,
      files,
    );
  });
  after(() => journey?.close());

  const context = (changes: Parameters<typeof testContext>[1] = {}): JourneyContext =>
    testContext(journey.root, { configuration: { masking }, ...changes });
  const only = (name: string): string[] => [path.join(journey.root, 'db', `${name}.up.sql`)];

  it('catches what fails on data alone, says what is lost of it, and quotes no value', async () => {
    const choices = { shadow: 'local', base: journey.database } as const;
    const without = await rehearseMigrations(context(), choices);
    assert.equal(without.data, undefined);
    assert.deepEqual(
      without.migrations.map(({ verdict }) => verdict),
      ['exact', 'exact', 'exact'],
    );
    const copied = await rehearseMigrations(context(), { ...choices, data: { kind: 'full' } });
    const [first, phone, ...rest] = copied.migrations;
    assert.deepEqual(first!.dataLost, [
      { object: 'table public.users column note', kind: 'column', rows: 100 },
    ]);
    const { at, bytes, notes, ...data } = copied.data!;
    assert.deepEqual(data, {
      kind: 'full',
      rowsPerTable: null,
      database: journey.database.sessions.label,
      tables: 1,
      rows: 100,
      addedRows: 0,
      masked: [{ column: 'public.users.email', rule: 'email' }],
    });
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 120_000 && bytes > 4000);
    assert.deepEqual(notes, []);
    assert.deepEqual(
      [phone!.verdict, phone!.error],
      ['up-fails', 'invalid input syntax for type bigint: "…" (22P02)'],
    );
    assert.deepEqual(rest, []);
    assert.doesNotMatch(JSON.stringify(copied), /number \d|@example\.com|note \d/);
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      JSON.parse(await readFile(schemaFile, 'utf8')) as object,
    );
    assert.ok(validate(rehearsalJson(copied, journey.root)), JSON.stringify(validate.errors));
    assert.match(await rehearsalJunit(copied, journey.root), /name="data\.rows" value="100"/);
    assert.match(
      await rehearsalText(copied),
      /Rehearsed on a copy of 100 rows of 1 table of .* of \d{4}-.*\(all rows, [\d.]+ kB\), 1 column masked/,
    );
  });

  it('catches duplicates in the embedded database too, where none of the rows is kept', async () => {
    await journey.look.script(`update users set phone = id::text`);
    const cache = context().workspace.assets.cache;
    const kept = await readdir(cache).catch(() => []);
    const { migrations, data } = await rehearseMigrations(context(), {
      shadow: 'embedded',
      base: journey.database,
      data: { kind: 'sample', rows: 90 },
    });
    assert.deepEqual(
      migrations.map(({ verdict }) => verdict),
      ['exact', 'exact', 'up-fails'],
    );
    assert.match(migrations[2]!.error!, /could not create unique index "users_email" \(23505\)/);
    assert.deepEqual([data!.kind, data!.rowsPerTable, data!.rows], ['sample', 90, 90]);
    assert.deepEqual(await readdir(cache).catch(() => []), kept);
  });

  it('refuses production without a rule for each column that looks personal, and without its name', async () => {
    const production = await journey.connect({ environment: 'production' });
    const choices = { base: production, shadow: 'local', data: { kind: 'full' } } as const;
    const strange = { ...masking, 'public.users.email_of_old': 'hash' } as const;
    await assertSays(
      rehearseMigrations(context({ configuration: { masking: strange } }), choices),
      'invalid-input',
      'public.users.email_of_old names no column',
    );
    const bare = context({ configuration: { masking: { 'public.users.phone': 'keep' } } });
    await assertSays(rehearseMigrations(bare, choices), 'gate-not-held', 'public.users.email', '"masking"');
    await assertSays(
      rehearseMigrations(context({ answer: false }), choices),
      'confirmation-needed',
      'Type the name of the database',
    );
    const { data } = await rehearseMigrations(context(), { ...choices, files: only('000002_note') });
    assert.equal(data!.rows, 100);
    const elsewhere = await rehearseMigrations(bare, {
      ...choices,
      base: journey.database,
      files: only('000002_note'),
    });
    assert.match(
      elsewhere.data!.notes.join(),
      /look personal and were copied as they are.*public\.users\.email/,
    );
  });

  it('is what switchback rehearse --data does, from production with the name of the database', async () => {
    const { host, port, user, database } = journey.test.connection;
    const environment = {
      PGPASSWORD: journey.test.password,
      SHOP_URL: `postgresql://${user}@${host}:${port}/${database}`,
    };
    const run = (...words: string[]): Promise<CliAnswer> =>
      switchback(
        journey.root,
        environment,
        'rehearse',
        ...words,
        '--database-url',
        'env:SHOP_URL',
        '--format',
        'json',
        '--quiet',
      );
    const sample = [
      'db/000002_note.up.sql',
      '--data',
      'sample',
      '--rows-per-table',
      '7',
      '--environment',
      'production',
    ];
    const unnamed = await run(...sample);
    assert.equal(unnamed.exitCode, 1);
    assert.match(unnamed.told.join(), /--confirm-database followed by the name/);
    const named = await run(...sample, '--confirm-database', database);
    assert.equal(named.exitCode, 0, named.told.join());
    const { data, migrations } = named.json<Rehearsal>();
    assert.deepEqual([data!.rows, data!.rowsPerTable, migrations.length], [7, 7, 1]);
    assert.match((await run('--rows-per-table', '7')).told.join(), /goes with --data sample/);
    assert.match((await run('--data', 'full', '--base', 'history')).told.join(), /goes with --base database/);
  });

  it('refuses a workspace that is not trusted', () =>
    assertSays(
      rehearseMigrations(context({ trusted: false }), { base: journey.database, data: { kind: 'full' } }),
      'untrusted-workspace',
      'not trusted',
    ));

  it('leaves nothing when it is cancelled in the midst of copying', async () => {
    const left = async (): Promise<string[]> =>
      (await readdir(os.tmpdir()))
        .filter((name) => name.startsWith(serverFolderPrefix) && name.includes(String(process.pid)))
        .sort();
    const before = await left();
    const cancelling = new AbortController();
    const cancelled: JourneyContext = {
      ...context(),
      signal: cancelling.signal,
      progress: { report: ({ message }) => void (/^Copying rows/.test(message) && cancelling.abort()) },
    };
    await assert.rejects(
      rehearseMigrations(cancelled, { base: journey.database, shadow: 'local', data: { kind: 'full' } }),
    );
    assert.deepEqual(await left(), before);
    const { rows } = await journey.look.query(
      `select pid from pg_stat_activity where application_name = 'switchback copy'`,
    );
    assert.deepEqual(rows, []);
  });

  it('is what the gate of a plan says it was rehearsed on', async () => {
    const staging = await journey.connect({ environment: 'staging' });
    await installSchema(staging.session);
    await journey.look.script(`update users set email = id || '@example.com', phone = id::text`);
    const plan = await journey.scaffold({
      kind: 'rename-column',
      table: { schema: 'public', name: 'users' },
      from: 'email',
      to: 'mail',
    });
    const { migrations, data } = await rehearsePlan(context(), staging, plan, {
      shadow: 'local',
      data: { kind: 'sample', rows: 50 },
    });
    assert.deepEqual(
      migrations.filter(({ verdict }) => !/^(?:exact|irreversible)$/.test(verdict)),
      [],
    );
    assert.ok(migrations.length > 3 && data?.rows === 50);
    const loaded = await loadPlan(context(), plan);
    const { details } = (await readEvidence(staging, loaded)).find(({ gate }) => gate === 'rehearsal')!;
    assert.deepEqual(
      ['kind', 'rows', 'tables', 'masked', 'at'].map((name) => details[`data.${name}`]),
      ['sample', 50, 1, 'public.users.email (email)', data.at],
    );
    const { gates } = await planStanding(context(), staging, plan);
    assert.match(
      gates.find(({ kind }) => kind === 'rehearsal')!.reason,
      /steps rehearsed on postgres .*, on a copy of 50 rows of 1 table of .*50 rows of each table and all they reference.*1 column masked/,
    );
    await rehearsePlan(context(), staging, plan, { shadow: 'local' });
    const later = await planStanding(context(), staging, plan);
    assert.match(
      later.gates.find(({ kind }) => kind === 'rehearsal')!.reason,
      /steps rehearsed on postgres [\d.]+; before, on a copy of 50 rows/,
    );
  });
});
