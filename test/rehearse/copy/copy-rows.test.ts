import assert from 'node:assert/strict';
import type { Session, SessionFactory } from '../../../src/database/session';
import { openSession } from '../../../src/database/connect';
import { isSwitchbackError } from '../../../src/messages/error';
import { silentProgress } from '../../../src/ports/progress';
import type { RowCopyRequest } from '../../../src/rehearse/copy/copy-once';
import { RowCopy } from '../../../src/rehearse/copy/copy-rows';
import type { MaskingRules } from '../../../src/rehearse/copy/masking-rule';
import type { CopiedData } from '../../../src/rehearse/copy/data-copy';
import { testMajors, testServer, testSession, type TestDatabase } from '../../support/servers';

/** Every kind of table and value that a copy has to carry. */
const schema = `
  create schema "Odd schema";
  create type mood as enum ('sad', 'so so', 'happy');
  create type point2 as (x int, label text);
  create domain short_code as varchar(8) check (value ~ '^[a-z]+$');
  create sequence numbers;
  create table teams (id int generated always as identity primary key, name text not null unique, boss int references teams deferrable);
  create table people (
    id bigint primary key, team int not null references teams on delete cascade, mail varchar(80) not null unique,
    phone text, born date, seen timestamptz, mood mood, tags text[], at point2, code short_code, price numeric(12,4), ratio float8,
    doc jsonb, raw bytea, fixed char(5), flag bool, during tstzrange, took interval, net inet, token uuid,
    twice int generated always as (length(phone) * 2) stored, check (price > -1000000));
  create table parts (a int, b text, c int not null, note text, primary key (a, b));
  create table uses (id serial primary key, a int, b text, foreign key (a, b) references parts match full);
  create table "Odd schema"."Odd ""table" ("Odd column" text, "select" int);
  create table nothing ();
  create table events (id int, day date not null, person bigint references people, primary key (id, day)) partition by range (day);
  create table events_a partition of events for values from (minvalue) to ('2021-01-01');
  create table events_b partition of events for values from ('2021-01-01') to (maxvalue);
  create table event_notes (event int, day date, note text, foreign key (event, day) references events);
  create table base (id int, name text); create table derived (extra text) inherits (base);
  create table checked (id int, amount int);
  insert into checked values (1, -5);
  alter table checked add constraint amount_positive check (amount > 0) not valid;
  comment on constraint amount_positive on checked is 'later';
  alter table checked add constraint other foreign key (id) references teams not valid;
  create function loud() returns trigger language plpgsql as $$ begin raise exception 'fired'; end $$;
`;

const rows = `
  insert into teams (name, boss) values ('red', null), ('blue', 1);
  insert into teams (name, boss) select 'team ' || g, g from generate_series(1, 40) g;
  update teams set boss = 3 where id = 1;
  insert into people (id, team, mail, phone, born, seen, mood, tags, at, code, price, ratio, doc, raw, fixed, flag, during, took, net, token)
  select g, 1 + g % 40, 'person' || g || '@example.com', '+49 (0)30 ' || 100000 + g, date '1970-01-01' + g, timestamptz '2020-01-01 12:34:56.789012+02' + g * interval '1 hour',
         (array['sad', 'so so', 'happy'])[1 + g % 3]::mood, array['a,b', null, '"q"', g::text], row(g, 'x "y"')::point2, 'abc', g / 7.0, 1 / (g + 0.5),
         jsonb_build_object('n', g), decode(md5('raw' || g), 'hex'), 'ab', g % 2 = 0, tstzrange('2020-01-01+00', null), make_interval(days => g, secs => 1.5),
         '10.0.0.1', md5(g::text)::uuid
    from generate_series(1, 700) g;
  insert into people (id, team, mail) values (-7, 1, 'none@example.com'), (5000000000, 2, E'tab\\tline\\nback\\\\slash@example.com');
  insert into parts select g, 'b' || g, g, null from generate_series(1, 30) g;
  insert into uses (a, b) select g, 'b' || g from generate_series(1, 30) g; insert into uses (a, b) values (null, null);
  insert into "Odd schema"."Odd ""table" values ('', 1), (null, null), ('NULL', 2), ('{}', 3);
  insert into nothing default values; insert into nothing default values;
  insert into events select g, date '2020-12-01' + g, g from generate_series(1, 100) g;
  insert into event_notes select g, date '2020-12-01' + g, 'n' from generate_series(1, 100) g;
  insert into base values (1, 'b'); insert into derived values (2, 'd', 'e');
  select setval('numbers', 77);
`;

const triggers = `
  create trigger loud before insert on people for each row execute function loud();
  create trigger louder before insert on parts for each row execute function loud();
  alter table parts enable always trigger louder;
  create materialized view per_team as select team, count(*) from people group by team;
`;

async function contents(session: Session): Promise<Record<string, string[]>> {
  const { rows: tables } = await session.query<{ relation: string }>(
    `select format('%I.%I', n.nspname, c.relname) as relation from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'm') and n.nspname in ('public', 'Odd schema') order by 1`,
  );
  const found: Record<string, string[]> = {};
  for (const { relation } of tables) {
    const { rows: texts } = await session.query<{ row: string }>(
      `select t::text as row from only ${relation} t order by 1`,
    );
    found[relation] = texts.map(({ row }) => row);
  }
  return found;
}

function request(source: SessionFactory, changes: Partial<RowCopyRequest> = {}): RowCopyRequest {
  return {
    source,
    copy: { kind: 'full' },
    rules: {},
    isProduction: false,
    left: [],
    progress: silentProgress(),
    ...changes,
  };
}

function watchedSession(session: Session, sent: string[]): Session {
  return {
    facts: session.facts,
    lost: session.lost,
    get inTransaction() {
      return session.inTransaction;
    },
    query: (sql, parameters, options) => {
      sent.push(sql);
      return session.query(sql, parameters, options);
    },
    script: (sql, options) => {
      sent.push(sql);
      return session.script(sql, options);
    },
    transaction: (work, options) => session.transaction(work, options),
    cancel: () => session.cancel(),
    close: () => session.close(),
  };
}

for (const major of testMajors) {
  describe(`a copy of rows, PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    const databases: TestDatabase[] = [];
    const sessions: Session[] = [];
    let from: Session;
    let source: SessionFactory;

    const open = async (sql: string): Promise<Session> => {
      const database = await (await testServer({ major })).createDatabase();
      databases.push(database);
      const session = await testSession(database);
      sessions.push(session);
      await session.script(sql);
      return session;
    };
    before(async () => {
      from = await open(schema + rows + triggers);
      const database = databases[0]!;
      source = {
        label: 'the source',
        open: (options) => openSession(database.connection, database.password, options),
      };
    });
    after(async () => {
      for (const session of sessions) await session.close();
      for (const database of databases) await database.drop();
    });

    const copied = async (
      changes: Partial<RowCopyRequest> = {},
    ): Promise<{ shadow: Session; data: CopiedData; copy: RowCopy }> => {
      const shadow = await open(schema.replace(/insert into checked[^;]*;/, '') + triggers);
      const copy = new RowCopy(request(changes.source ?? source, changes));
      await copy.fill(shadow, new AbortController().signal);
      await shadow.script('reset all');
      return { shadow, data: copy.copied!, copy };
    };

    it('has every row as it is, and the sequences where they are', async () => {
      const { shadow, data } = await copied();
      assert.deepEqual(await contents(shadow), await contents(from));
      assert.equal(data.rows, Object.values(await contents(from)).flat().length - 40);
      const { rows: after } = await shadow.query<{ next: string; boss: string }>(
        `select nextval('numbers')::text as next, nextval(pg_get_serial_sequence('teams', 'id'))::text as boss`,
      );
      assert.deepEqual(after, [{ next: '78', boss: '43' }]);
      const { rows: constraints } = await shadow.query(
        `select conname, convalidated, obj_description(oid, 'pg_constraint') as comment from pg_constraint where conrelid = 'checked'::regclass and contype in ('c', 'f') order by 1`,
      );
      assert.deepEqual(constraints, [
        { conname: 'amount_positive', convalidated: false, comment: 'later' },
        { conname: 'other', convalidated: false, comment: null },
      ]);
      await assert.rejects(shadow.script('insert into parts values (99, $$b$$, 1)'), /fired/);
    });

    const rules: MaskingRules = {
      'public.people.mail': 'email',
      'public.people.phone': 'digits',
      'public.people.born': 'date-shift',
      'public.people.seen': 'date-shift',
      'public.people.token': 'hash',
      'public.people.raw': 'hash',
      'public.people.id': 'hash',
      'public.people.doc': { constant: '{"masked": true}' },
      'public.people.tags': { expression: `array[upper(mood::text), 'it''s']` },
      'public.people.net': 'null',
      'public.events.day': 'date-shift',
      'public.teams.name': 'name',
      'public.teams.id': 'hash',
      'public.parts.b': 'hash',
      '"Odd schema"."Odd ""table"."Odd column"': 'keep',
    };

    it('masks where the rows are: equal values stay equal, others others, and no original is in the copy', async () => {
      const { shadow, data } = await copied({ rules });
      const originals = await from.query<Record<string, string>>(
        `select id::text as id, mail, phone, born::text as born, token::text as token, encode(raw, 'hex') as raw from people where id > 100 order by people.id`,
      );
      const everything = JSON.stringify(await contents(shadow));
      for (const row of originals.rows.filter(({ phone }) => phone !== null))
        for (const value of [row.mail!, row.phone!, row.token!, row.raw!, `"born": "${row.born!}"`])
          assert.ok(!everything.includes(value), value);
      assert.ok(!everything.includes('@example.com') && !/\bteam \d/.test(everything));
      const counts = async (session: Session): Promise<unknown> =>
        (
          await session.query(
            `select count(distinct id)::int as ids, count(distinct mail)::int as mails, count(distinct token)::int as tokens, count(distinct raw)::int as raws,
                    count(distinct team)::int as teams, count(*)::int as rows, count(distinct (seen - born))::int as spans,
                    count(*) filter (where id < 0)::int as below, (select count(*)::int from events join people on people.id = person) as joined,
                    (select count(distinct boss)::int from teams) as bosses, (select count(*)::int from uses natural join parts) as used from people`,
          )
        ).rows[0];
      assert.deepEqual(await counts(shadow), await counts(from));
      const { rows: one } = await shadow.query<Record<string, unknown>>(
        `select mail ~ '^u[0-9a-f]{24}@example\\.invalid$' as mail, phone ~ '^\\+\\d\\d \\(\\d\\)\\d\\d \\d{6}$' as phone, doc->>'masked' as doc, tags[2] as tag, net,
                born < date '1973-01-01' as born, fixed from people where phone is not null limit 1`,
      );
      assert.deepEqual(one, [
        { mail: true, phone: true, doc: 'true', tag: "it's", net: null, born: true, fixed: 'ab   ' },
      ]);
      assert.ok(data.masked.some(({ column, rule }) => column === 'public.people.team' && rule === 'hash'));
      assert.ok(data.masked.every(({ column }) => !column.includes('events_')));
      assert.match(data.notes.join('\n'), /public\.teams\.boss is masked as what it references/);
      assert.doesNotMatch(JSON.stringify(data), /masked": true|it's/);
    });

    it('gives a shadow database that is made again the same rows, and others under another key', async () => {
      const { shadow, copy } = await copied({ rules });
      const other = await copied({ rules, keptBytes: 1000 });
      for (const [filled, filler] of [
        [shadow, copy],
        [other.shadow, other.copy],
      ] as const) {
        const again = await open(schema.replace(/insert into checked[^;]*;/, '') + triggers);
        await filler.fill(again, new AbortController().signal);
        await again.script('reset all');
        assert.deepEqual(await contents(again), await contents(filled));
      }
      const mails = async (session: Session): Promise<string[]> =>
        (await session.query<{ mail: string }>('select mail from people')).rows.map(({ mail }) => mail);
      const known = new Set(await mails(shadow));
      assert.ok((await mails(other.shadow)).every((mail) => !known.has(mail)));
    });

    it('has a sample with all that it references', async () => {
      const { shadow, data } = await copied({ rules, copy: { kind: 'sample', rows: 5 } });
      const { rows: found } = await shadow.query(
        `select (select count(*)::int from people) as people, (select count(*)::int from events) as events, (select count(*)::int from event_notes) as notes,
                (select count(*)::int from uses) as uses, (select count(*)::int from uses natural join parts) as used`,
      );
      const { people, events, notes, uses, used } = found[0] as Record<string, number>;
      assert.ok(people! >= 5 && people! < 30 && events! >= 10 && events! < 30, JSON.stringify(found));
      assert.deepEqual([notes, uses], [5, 5]);
      assert.ok(used! >= 4);
      assert.ok(data.addedRows > 5 && data.addedRows < 90, String(data.addedRows));
    });

    it('needs a shadow database where triggers can be silenced', async () => {
      const shadow = await open(schema);
      await shadow.script(
        'create role plain_user; grant all on all tables in schema public to plain_user; set role plain_user',
      );
      await assert.rejects(new RowCopy(request(source)).fill(shadow, new AbortController().signal), (error) =>
        isSwitchbackError(error, 'no-shadow'),
      );
      await shadow.script('reset all; reset role; drop owned by plain_user; drop role plain_user');
    });

    // What decides is asked of the schema and of the shadow database, in both versions alike.
    if (major !== 18) return;
    for (const [what, rule, says] of [
      ['names nothing', { 'public.people.nothing': 'null' }, /people\.nothing names no column/],
      [
        'may not be NULL',
        { 'public.people.mail': 'null' },
        /"null" does not fit public\.people\.mail: it may not be NULL/,
      ],
      ['has another type', { 'public.people.flag': 'email' }, /its type is boolean/],
      ['is too long', { 'public.people.code': 'email' }, /need 25 characters and 8 are allowed/],
      ['makes equal what is unique', { 'public.people.mail': { constant: 'a' } }, /have to be unique/],
      ['may make equal what is unique', { 'public.people.mail': 'digits' }, /stay different/],
      [
        'parts a foreign key',
        { 'public.teams.id': 'hash', 'public.people.team': 'keep' },
        /hold the same values by a foreign key/,
      ],
      [
        'breaks a CHECK',
        { 'public.people.price': { constant: -2000000 } },
        /do not satisfy the constraint people_price_check/,
      ],
      ['is no SQL', { 'public.people.phone': { expression: 'lower(' } }, /no single SQL expression/],
      [
        'is more than an expression',
        { 'public.people.phone': { expression: '1); drop table people; select (1' } },
        /no single SQL expression/,
      ],
      [
        'reads what is not there',
        { 'public.people.phone': { expression: 'lower(nobody)' } },
        /column "nobody" does not exist/,
      ],
      [
        'gives another type',
        { 'public.people.born': { expression: '1 + 1' } },
        /type date but expression is of type integer/,
      ],
    ] as const)
      it(`refuses a rule that ${what}, before a row is read`, async () => {
        const reads: string[] = [];
        const watched: SessionFactory = {
          ...source,
          open: async (options) => watchedSession(await source.open(options), reads),
        };
        await assert.rejects(
          copied({ rules: rule, source: watched }),
          (error) => isSwitchbackError(error, 'invalid-input') && says.test(error.sentence),
        );
        assert.deepEqual(
          reads.filter((sql) => /\bctid|switchback_rows/.test(sql)),
          [],
        );
      });
  });
}
