import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MigrationChange, NewMigrationAnswers } from '../../../src/implement/new-migration/answers';
import { applyMigration, rollBackMigration } from '../../../src/journey/apply-file';
import { newMigration } from '../../../src/journey/new-migration';
import { rehearseMigrations } from '../../../src/journey/rehearse';
import { testContext } from '../../support/journey-context';
import { testMajors } from '../../support/servers';
import { assertSays, openJourney, type Journey } from '../journey';
import { answersFor, withFolder } from './fixture';

const items = { schema: 'public', name: 'items' };
const optional: MigrationChange = {
  kind: 'add-column',
  table: items,
  column: 'note',
  type: 'text',
  default: null,
  required: false,
  fill: null,
  key: [],
};
const filled: MigrationChange = {
  kind: 'backfill',
  table: items,
  key: ['id'],
  column: 'n',
  expression: 'n + 1',
  onlyEmpty: false,
};
const indexed: MigrationChange = { kind: 'create-index', table: items, columns: ['n'], unique: false };

const create = 'create table items (id bigint primary key, n int not null);\n';
const layouts: Record<string, Record<string, string>> = {
  'plain pairs': {
    'migrations/001_items.sql': create,
    'migrations/001_items_rollback.sql': 'drop table items;\n',
  },
  'golang-migrate': {
    'migrations/000001_items.up.sql': create,
    'migrations/000001_items.down.sql': 'drop table items;\n',
  },
};

for (const major of testMajors) {
  for (const [title, files] of Object.entries(layouts)) {
    describe(`new migrations run by Switchback, ${title} (PostgreSQL ${major})`, function () {
      this.timeout(120_000);
      let journey: Journey;
      before(async () => {
        journey = await openJourney(major, '', files);
      });
      after(() => journey?.close());

      it('are applied and taken back', async () => {
        const { context, database, look, root } = journey;
        const first = Object.keys(files)[0]!;
        await applyMigration(context, database, path.join(root, first));
        await look.query('insert into items select n, 0 from generate_series(1, 2345) as n');
        const ups: string[] = [];
        for (const change of [optional, indexed, filled]) {
          const [up] = await newMigration(context, database, answersFor(root, 'sql', change, change.kind));
          await applyMigration(context, database, up!);
          ups.push(up!);
        }
        const { rows } = await look.query('select count(*)::int as rows, min(n), max(n) from items');
        assert.deepEqual(rows, [{ rows: 2345, min: 1, max: 1 }]);
        for (const up of ups.reverse()) await rollBackMigration(context, database, up);
        const { rows: left } = await look.query(`select relname::text as name from pg_class
          where relnamespace = 'public'::regnamespace and relname not like 'schema_migrations%' order by 1`);
        assert.deepEqual(left, [{ name: 'items' }, { name: 'items_pkey' }]);
      });

      it('are exact in a rehearsal', async () => {
        const rehearsal = await rehearseMigrations(journey.context);
        assert.deepEqual(
          rehearsal.migrations.map((migration) => migration.verdict),
          ['exact', 'exact', 'exact', 'exact'],
          JSON.stringify(rehearsal.migrations, null, 1),
        );
      });
    });
  }
}

describe('a new migration', () => {
  const write = (root: string, answers: Partial<NewMigrationAnswers>, trusted = true): Promise<string[]> =>
    newMigration(testContext(root, { trusted }), null, {
      ...answersFor(root, 'sql', optional, 'Add items: note'),
      ...answers,
    });

  it('makes a folder that is missing', () =>
    withFolder(async (root) => {
      const folder = path.join(root, 'db', 'migrations');
      assert.deepEqual(await write(root, { folder }), [
        path.join(folder, '001_add_items_note.sql'),
        path.join(folder, '001_add_items_note_rollback.sql'),
      ]);
    }));

  it('counts migrations in every language, in the style of the folder', () =>
    withFolder(async (root) => {
      const folder = path.join(root, 'migrations');
      await write(root, { language: 'typescript' });
      await write(root, {});
      await write(root, { language: 'javascript' });
      assert.deepEqual(await readdir(folder), [
        '001_add_items_note.ts',
        '002_add_items_note.sql',
        '002_add_items_note_rollback.sql',
        '003_add_items_note.js',
      ]);
      const timed = path.join(root, 'timed', 'migrations');
      await mkdir(timed, { recursive: true });
      await writeFile(path.join(timed, '20240101000000_first.ts'), '');
      const [file] = await write(root, { folder: timed, language: 'typescript' });
      assert.match(path.basename(file!), /^20\d{12}_add_items_note\.ts$/);
    }));

  it('names the table of a checkpoint after the migration', () =>
    withFolder(async (root) => {
      for (const language of ['sql', 'typescript', 'javascript'] as const) {
        const [file] = await write(root, { language, change: filled });
        const version = path.basename(file!).slice(0, 3);
        const tables = new Set((await readFile(file!, 'utf8')).match(/public\.migration_\w+/g));
        assert.deepEqual([...tables], [`public.migration_${version}_add_items_note_progress`]);
      }
    }));

  it("uses the workspace's own templates where it is trusted", () =>
    withFolder(async (root) => {
      const folder = path.join(root, '.switchback', 'templates');
      await mkdir(folder, { recursive: true });
      await writeFile(
        path.join(folder, 'new-up.sql.hbs'),
        '-- ours\n{{#each statements}}{{this}};\n{{/each}}',
      );
      const [ours] = await write(root, {});
      assert.equal(
        await readFile(ours!, 'utf8'),
        '-- ours\nalter table public.items add column note text;\n',
      );
      const [shipped] = await write(root, {}, false);
      assert.match(await readFile(shipped!, 'utf8'), /lock_timeout/);
    }));

  it('refuses what cannot become a migration, and writes nothing', () =>
    withFolder(async (root) => {
      const refused: [Partial<NewMigrationAnswers>, Parameters<typeof assertSays>[1], string][] = [
        [{ name: ' ' }, 'invalid-input', 'A migration needs a name'],
        [{ change: { ...optional, type: 'text; drop table items' } }, 'invalid-input', 'is not a type'],
        [{ change: { ...optional, type: 'text, n int' } }, 'invalid-input', 'is not a type'],
        [{ change: { ...optional, type: 'text from items' } }, 'invalid-input', 'is not a type'],
        [{ change: { ...optional, type: 'text -- x' } }, 'invalid-input', 'is not a type'],
        [{ change: { ...optional, type: 'bigserial' } }, 'invalid-input', 'rewrites the table'],
        [
          { change: { ...optional, default: '1); drop table items; --' } },
          'invalid-input',
          'no SQL expression',
        ],
        [{ change: { ...optional, default: 'n + 1' } }, 'invalid-input', 'cannot read the column n'],
        [{ change: { ...optional, required: true } }, 'invalid-input', 'needs a default'],
        [{ change: { ...optional, column: 'x'.repeat(64) } }, 'invalid-name', '64 bytes'],
        [{ change: { ...filled, key: [] } }, 'invalid-input', 'primary key of public.items is not known'],
        [{ change: { ...filled, expression: '(select 1)' } }, 'invalid-input', 'subquery'],
        [{ change: { ...indexed, columns: [] } }, 'invalid-input', 'An index needs a column'],
        [{ change: { ...indexed, columns: ['n', 'n'] } }, 'invalid-input', 'named twice'],
        [
          { change: { kind: 'rename-column', table: items, from: 'n', to: 'n' } },
          'invalid-input',
          'that name already',
        ],
        [
          { change: { kind: 'drop-column', table: items, column: 'n', definition: null } },
          'invalid-input',
          'not known',
        ],
      ];
      for (const [answers, code, words] of refused) {
        for (const language of ['sql', 'typescript', 'javascript'] as const) {
          await assertSays(write(root, { ...answers, language }), code, words);
        }
      }
      assert.deepEqual(await readdir(path.join(root, 'migrations')), []);
    }));
});
