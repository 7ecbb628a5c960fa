import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import { detectLayouts } from '../../src/layouts/detect-layouts';
import { preparationOf } from '../../src/layouts/preparation';
import { runOnEmpty } from '../../src/layouts/run-on-empty';
import { nodeFiles } from '../../src/ports/node-files';
import { runScript, type RehearsedScript } from '../../src/rehearse/run-script';
import { workingOrder } from '../../src/rehearse/working-order';
import { inOrder } from '../../src/reverse/reverse-step';
import { schemaScript } from '../../src/reverse/schema-script';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';

const root = path.resolve(__dirname, '../..');
const corpora = path.resolve(root, '../shared/corpora');
const signal = new AbortController().signal;

describe('the statements that make a schema', function () {
  this.timeout(200_000);
  let shadow: Shadow;

  before(async () => {
    shadow = await openShadow('local', {
      assets: { distFolder: path.join(root, 'dist') },
      binaries: { packageFolders: [root], searchPath: '' },
      major: 18,
    });
  });
  after(() => shadow?.dispose());

  /** Makes a schema, writes it as statements, runs them in an empty database, and tells what differs there. */
  async function madeAgain(make: readonly RehearsedScript[], withoutRoles: boolean): Promise<unknown> {
    const limits = { ground: shadow.kind, watchdogMilliseconds: 60_000, signal };
    const first = await shadow.reset();
    const empty = await readCatalog(first);
    const failed: string[] = [];
    for (const script of make) {
      const outcome = await runScript(first, script, limits);
      // Some files of theirs only run statement by statement.
      const singly =
        outcome.kind === 'ok' ? outcome : await runScript(first, { ...script, transaction: 'none' }, limits);
      if (singly.kind !== 'ok') failed.push(singly.error);
    }
    assert.deepEqual(failed, []);
    const wanted = await readCatalog(first);
    await first.close();
    const { steps, notes } = schemaScript(empty, wanted, withoutRoles ? 'none' : 'all');
    const second = await shadow.reset();
    try {
      await workingOrder(second, inOrder(steps), signal);
      const differences = compareCatalogs(wanted, await readCatalog(second), { withoutRoles });
      return { differences, notes, objects: Object.keys(wanted.objects).length > 1 };
    } finally {
      await second.close();
    }
  }

  for (const corpus of ['authelia', 'coder', 'mas', 'mattermost', 'svix', 'uaa', 'umami']) {
    it(`makes the schema of ${corpus} again, to the last property`, async function () {
      if (!existsSync(path.join(corpora, corpus))) {
        console.log(`      not run: ${path.join(corpora, corpus)} missing`);
        return this.skip();
      }
      const files = nodeFiles();
      const [found] = await detectLayouts({ root: corpora, folders: [corpus], exclude: [], files, signal });
      const { layout, folder } = found!;
      const migrations = await layout.list(folder, files);
      const prepared = preparationOf(layout, migrations[0]!);
      const scripts: RehearsedScript[] = prepared.map((sql) => ({ sql, transaction: 'none' }));
      for (const migration of runOnEmpty(migrations, migrations.length)) {
        const script = await layout.script(migration, 'up', files);
        if (script) scripts.push({ sql: script.sql, transaction: script.transaction });
      }
      assert.deepEqual(await madeAgain(scripts, true), { differences: [], notes: [], objects: true });
    });
  }

  it('makes everything that leans on something else in an order that works', async () => {
    const sql = `
      create schema "Odd Name"; create schema later;
      create extension citext;
      create type public.mood as enum ('sad', 'it''s fine');
      create type public.pair as (a integer, "B c" text);
      create type public.span as range (subtype = numeric);
      create function public.short(text) returns boolean language sql immutable as 'select length($1) < 10';
      create domain public.code as text default 'x' check (public.short(value)) constraint not_y check (value <> 'y');
      create function public.next_code() returns text language plpgsql as 'begin return (select max(code) from public.items); end';
      create table public.parents (id bigint generated always as identity (start 5 increment 2) primary key, mail citext collate "C" not null unique);
      create table public.items (id serial primary key, code public.code default public.next_code(), moods public.mood[] not null default '{}',
        p public.pair, "Weird ""x" numeric(9,2) check ("Weird ""x" > 0), twice integer generated always as (7 * 2) stored,
        parent bigint references public.parents on delete set null deferrable initially deferred, exclude using gist (span with &&), span public.span);
      alter table public.items alter column code set statistics 77, alter column "Weird ""x" set storage main, set (fillfactor = 70);
      alter table public.parents add constraint late check (id > 0) not valid;
      alter table public.parents add column item integer references public.items;
      create index items_code on public.items (lower(code)) include (id) where id > 3;
      create function public.of_parent(public.parents) returns setof public.items language sql stable begin atomic select i.* from public.items i where i.parent = $1.id; end;
      create view public.a_view with (security_barrier = true) as select i.id, v.x from public.items i, lateral (select i.id * 2 as x) v;
      create view later.b_view as select * from public.a_view where x > (select count(*) from public.of_parent(null));
      create function public.viewed() returns setof later.b_view language sql begin atomic select * from later.b_view; end;
      create materialized view "Odd Name"."M v" as select id from later.b_view with no data;
      create unique index on "Odd Name"."M v" (id);
      create function later.touch() returns trigger language plpgsql as $$ begin new.id := new.id; return new; end $$;
      create trigger touch before update of code on public.items for each row when (old.code is distinct from new.code) execute function later.touch();
      alter table public.items disable trigger touch;
      create table public.parted (day date not null, n integer, primary key (day, n)) partition by range (day);
      create table public.parted_1 partition of public.parted for values from ('2020-01-01') to ('2021-01-01');
      create table public.parted_2 partition of public.parted for values from ('2021-01-01') to ('2022-01-01') partition by list (n);
      create table public.parted_2a partition of public.parted_2 default;
      create index parted_n on public.parted (n);
      create table public.child (extra text not null) inherits (public.items);
      create table public.heirs () inherits (public.items);
      alter table public.items add constraint late check (id > 0) not valid;
      create table public.later_child () inherits (public.items);
      create table public.later_grandchild () inherits (public.later_child);
      alter table public.heirs validate constraint late;
      alter table public.parted add constraint late check (n > 0) not valid;
      create table public.parted_3 partition of public.parted for values from ('2022-01-01') to ('2023-01-01');
      alter table public.items enable row level security;
      create policy own on public.items as restrictive for select using (id > 0);
      create rule quiet as on delete to public.parents do instead nothing;
      create sequence later.numbers as smallint increment 3 cycle;
      create statistics public.both (dependencies) on day, n from public.parted;
      create unlogged table later.fast (n integer);
      create collation public.german (provider = icu, locale = 'de');
      create publication told for table public.parents;
      create procedure later.work(inout n integer) language plpgsql as $$ begin n := 1; end $$;
      create aggregate public.total (integer) (sfunc = int4pl, stype = integer, initcond = '0');
      comment on table public.items is 'it''s'; comment on column public.items.code is 'c'; comment on function public.short(text) is 'f';
      comment on index public.items_code is 'i'; comment on constraint late on public.parents is 'k'; comment on type public.mood is 'm';
      comment on domain public.code is 'd'; comment on schema later is 's'; comment on materialized view "Odd Name"."M v" is 'mv';
      revoke execute on function public.short(text) from public; grant select on public.items to public;
    `;
    assert.deepEqual(await madeAgain([{ sql, transaction: 'implicit' }], false), {
      differences: [],
      notes: [
        'Aggregate public.total(integer) comes back with its usual functions; those for moving windows and for serialising are not kept.',
      ],
      objects: true,
    });
  });
});
