import assert from 'node:assert/strict';
import type { Difference } from '../../src/catalog/compare';
import { layoutById } from '../../src/layouts/layouts';
import type { LayoutId } from '../../src/layouts/layout';
import { migrationPlace, rehearsalPlace, type RehearsalPlace } from '../../src/journey/rehearsal-place';
import type { MigrationFolder } from '../../src/journey/migrations';
import type { MigrationRehearsal } from '../../src/rehearse/rehearsal';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

const up = '-- 🚂\ncreate table users (id int);\nalter table users add "e-mail" text;\n';
const down = '\ufeff-- 🚂\r\nselect 1;\r\nalter table users drop id;\r\nalter table users drop "e-mail";\r\n';

async function folderOf(
  layout: LayoutId,
  files: Record<string, string>,
): Promise<[MigrationFolder, typeof context]> {
  const memory = memoryFiles(files);
  const context = { ...testContext('/w'), files: memory };
  const migrations = await layoutById(layout).list('/w/m', memory);
  return [
    { folder: '/w/m', label: 'm', layout, title: layout, evidence: [], migrations, namedTable: null },
    context,
  ];
}

function rehearsed(changes: Partial<MigrationRehearsal>): MigrationRehearsal {
  return {
    version: '1',
    name: 'a',
    path: '/w/m/1_a.up.sql',
    up: 'ok',
    down: 'ok',
    reUp: 'ok',
    verdict: 'differs',
    differences: [],
    error: null,
    dataLost: [],
    notes: [],
    milliseconds: 1,
    ...changes,
  };
}

const difference = (object: string, property: string): Difference => ({
  object,
  property,
  before: 'a',
  after: null,
  kind: 'structure',
});

function words(place: RehearsalPlace | null): string {
  return place
    ? `${place.file} ${place.start.line}:${place.start.column}-${place.end.line}:${place.end.column}`
    : '';
}

describe('where a rehearsal is to be looked at', () => {
  const pair = { '/w/m/1_a.up.sql': up, '/w/m/1_a.down.sql': down };

  it('is the statement that failed, the one of the down that names what differs, or the first of the up', async () => {
    const [folder, context] = await folderOf('golang-migrate', pair);
    const place = async (changes: Partial<MigrationRehearsal>): Promise<string> =>
      words(await rehearsalPlace(context, folder, rehearsed(changes)));
    const read = (await layoutById('golang-migrate').script(folder.migrations[0]!, 'down', context.files))!;
    const offset = read.sql.indexOf('alter');
    const id = '/w/m/1_a.down.sql 3:1-3:26';
    assert.equal(await place({ verdict: 'down-fails', failedAt: { direction: 'down', offset } }), id);
    const consequence = { direction: 'up', offset: up.indexOf('alter') } as const;
    const users = [difference('table public.users', 'column id type')];
    assert.equal(await place({ differences: users, failedAt: consequence }), id);
    const mail = [difference('table public.users', 'column "e-mail" type')];
    assert.equal(await place({ differences: mail }), '/w/m/1_a.down.sql 4:1-4:32');
    const letter = [difference('table public.users', 'column e_mails default')];
    assert.equal(await place({ differences: letter }), id, 'a name that is far from all of them');
    const first = '/w/m/1_a.up.sql 2:1-2:28';
    assert.equal(await place({ differences: [difference('function public.total(users)', 'body')] }), first);
    assert.equal(await place({ verdict: 're-up-fails', failedAt: consequence }), '/w/m/1_a.up.sql 3:1-3:36');
    assert.equal(await place({ verdict: 'empty-down' }), first);
    assert.equal(await place({ version: '7' }), '');
  });

  it('is the statement whose name is but for a letter the one of what differs', async () => {
    const [folder, context] = await folderOf('golang-migrate', {
      '/w/m/1_a.up.sql':
        'create index users_email_index on users (email);\nalter table users add note text;\n',
      '/w/m/1_a.down.sql': 'alter table users drop note;\ndrop index if exists user_email_index;\n',
    });
    const left = { ...difference('table public.users', 'index users_email_index'), before: null, after: 'a' };
    assert.equal(
      words(await rehearsalPlace(context, folder, rehearsed({ differences: [left] }))),
      '/w/m/1_a.down.sql 2:1-2:38',
    );
  });

  it('is the first line of a file without a statement, and of several in one file where each begins', async () => {
    const [empty, context] = await folderOf('golang-migrate', {
      ...pair,
      '/w/m/1_a.up.sql': '\n\n-- nothing\n',
    });
    assert.equal(
      words(await migrationPlace(context, empty, empty.migrations[0]!)),
      '/w/m/1_a.up.sql 1:1-1:1',
    );
    const [goose, of] = await folderOf('goose', {
      '/w/m/1_a.sql': '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\ndrop table users;\n',
    });
    const place = await rehearsalPlace(
      of,
      goose,
      rehearsed({ differences: [difference('table public.users', 'exists')] }),
    );
    assert.equal(words(place), '/w/m/1_a.sql 5:1-5:17');
  });
});
