import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type pg from 'pg';
import ts from 'typescript';
import { newMigration } from '../../../src/journey/new-migration';
import type { MigrationChange } from '../../../src/implement/new-migration/answers';
import { testContext } from '../../support/journey-context';
import { testMajors, testServer, type TestDatabase } from '../../support/servers';
import { changes, orders, schema } from './changes';
import { answersFor, catalogOf, structural, withClient, withFolder } from './fixture';

const project = path.resolve(__dirname, '..', '..', '..');

const flavours = {
  TypeScript: { language: 'typescript', type: 'module', extension: '.ts' },
  'JavaScript, CommonJS': { language: 'javascript', type: 'commonjs', extension: '.js' },
  'JavaScript, ES module': { language: 'javascript', type: 'module', extension: '.js' },
} as const;
type Flavour = (typeof flavours)[keyof typeof flavours];

interface Script {
  up(db: pg.ClientBase, options?: object): Promise<void>;
  down(db: pg.ClientBase, options?: object): Promise<void>;
}

async function write(root: string, flavour: Flavour, change: MigrationChange, name = 'a new migration') {
  await writeFile(path.join(root, 'package.json'), JSON.stringify({ type: flavour.type }));
  const written = await newMigration(
    testContext(root),
    null,
    answersFor(root, flavour.language, change, name),
  );
  assert.equal(written.length, 1);
  return written[0]!;
}

async function load(file: string): Promise<Script> {
  const script = (await import(pathToFileURL(file).href)) as Partial<Script> & { default?: Script };
  return script.default ?? (script as Script);
}

describe('new migrations as TypeScript and JavaScript', function () {
  this.timeout(120_000);

  for (const [title, flavour] of Object.entries(flavours)) {
    it(`${title}: all of them compile under strict`, () =>
      withFolder(async (root) => {
        await symlink(path.join(project, 'node_modules'), path.join(root, 'node_modules'));
        const files: string[] = [];
        for (const [name, change] of Object.entries(changes))
          files.push(await write(root, flavour, change, name));
        assert.deepEqual(
          files.map((file) => path.basename(file).slice(0, 3)),
          files.map((_, index) => String(index + 1).padStart(3, '0')),
        );
        const program = ts.createProgram(files, {
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          noImplicitReturns: true,
          noUnusedLocals: true,
          noUnusedParameters: true,
          noPropertyAccessFromIndexSignature: true,
          noFallthroughCasesInSwitch: true,
          isolatedModules: true,
          verbatimModuleSyntax: flavour.language === 'typescript',
          allowJs: true,
          checkJs: true,
          noEmit: true,
          skipLibCheck: true,
          target: ts.ScriptTarget.ES2022,
          lib: ['lib.es2022.d.ts'],
          types: ['node'],
          typeRoots: [path.join(root, 'node_modules', '@types')],
          module: ts.ModuleKind.NodeNext,
          moduleResolution: ts.ModuleResolutionKind.NodeNext,
        });
        const problems = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
          const place = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
          return `${diagnostic.file?.fileName}:${(place?.line ?? 0) + 1} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}`;
        });
        assert.deepEqual(problems, []);
        if (flavour.language === 'typescript') return;
        for (const file of files) await promisify(execFile)(process.execPath, ['--check', file]);
      }));
  }
});

for (const major of testMajors) {
  describe(`new migrations as modules (PostgreSQL ${major})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      await withClient(database, (client) => client.query(schema));
    });
    after(() => database?.drop());

    for (const [flavourTitle, flavour] of Object.entries(flavours)) {
      for (const [title, change] of Object.entries(changes)) {
        // The same SQL in each: for JavaScript one change of each template, and the hostile ones.
        if (flavour.language === 'javascript' && !/hostile|an index|phases|an empty/.test(title)) continue;
        it(`${flavourTitle}, ${title}: up, down to the same catalog, up again`, () =>
          withFolder(async (root) => {
            const file = await write(root, flavour, change);
            assert.equal(path.basename(file), `001_a_new_migration${flavour.extension}`);
            const script = await load(file);
            const before = await catalogOf(database);
            const options = { onProgress: () => undefined, batchRows: 300 };
            await withClient(database, async (client) => {
              await script.up(client, options);
              if (change.kind !== 'empty')
                assert.notDeepEqual(structural(before, await catalogOf(database)), []);
              // What runs up(db) may be stopped after it, before it has recorded that it is done.
              if (change.kind === 'create-index' || change.kind === 'backfill')
                await script.up(client, options);
              await script.down(client);
              assert.deepEqual(structural(before, await catalogOf(database)), []);
              await script.up(client, options);
              await script.down(client);
              assert.deepEqual(structural(before, await catalogOf(database)), []);
            });
          }));
      }
    }

    it('refuses to run inside a transaction', () =>
      withFolder(async (root) => {
        for (const change of Object.values(changes)) {
          const script = await load(await write(root, flavours.TypeScript, change));
          await withClient(database, async (client) => {
            await client.query('begin');
            await assert.rejects(script.up(client), /not inside a transaction/);
            await assert.rejects(script.down(client), /not inside a transaction/);
          });
        }
      }));

    it('a required column ends NOT NULL, filled, without its check', () =>
      withFolder(async (root) => {
        const change = changes['a required column that only phases can fill']!;
        const script = await load(await write(root, flavours.TypeScript, change));
        await withClient(database, async (client) => {
          // A row that old code inserts while the first walk is under way, behind it.
          let late = 0;
          await script.up(client, {
            batchRows: 500,
            onProgress: () => {
              if (late++ === 2) return client.query(`insert into orders (id, name) values (-1, 'late')`);
              return undefined;
            },
          });
          const { rows } = await client.query(
            `select (select count(*)::int from orders where status is distinct from upper(name)) as wrong,
              (select attnotnull from pg_attribute where attrelid = 'orders'::regclass and attname = 'status') as required,
              (select count(*)::int from pg_constraint where conrelid = 'orders'::regclass and contype = 'c') as checks,
              (select count(*)::int from orders where id = -1) as late`,
          );
          assert.deepEqual(rows, [{ wrong: 0, required: true, checks: 0, late: 1 }]);
          await script.down(client);
          await client.query('delete from orders where id = -1');
        });
      }));

    it('refuses a key that is not unique or may be empty', () =>
      withFolder(async (root) => {
        for (const key of [['total'], ['name'], ['id', 'name']]) {
          const change = {
            kind: 'backfill',
            table: orders,
            key,
            column: 'note',
            expression: '1',
            onlyEmpty: true,
          } as const;
          const script = await load(await write(root, flavours.TypeScript, change, key.join(' ')));
          await withClient(database, (client) => assert.rejects(script.up(client), /primary key instead/));
        }
      }));

    it('an index whose build was stopped is built anew', () =>
      withFolder(async (root) => {
        const file = await write(root, flavours.TypeScript, changes['an index']!);
        const script = await load(file);
        const name = /concurrently (\S+) on/.exec(await readFile(file, 'utf8'))![1]!;
        await withClient(database, async (client) => {
          await client.query(`update orders set name = 'same', id = id where id in (1, 2)`);
          await client
            .query(`create unique index concurrently ${name} on orders (name)`)
            .catch(() => undefined);
          const valid = async () =>
            (
              await client.query<{ indisvalid: boolean }>(
                `select indisvalid from pg_index where indexrelid = '${name}'::regclass`,
              )
            ).rows;
          assert.deepEqual(await valid(), [{ indisvalid: false }]);
          await client.query(`set lock_timeout = '1234ms'`);
          await script.up(client);
          assert.deepEqual(await valid(), [{ indisvalid: true }]);
          assert.deepEqual((await client.query('show lock_timeout')).rows, [{ lock_timeout: '1234ms' }]);
          await script.down(client);
        });
      }));

    it('waits for a lock without making others wait, and tries again', () =>
      withFolder(async (root) => {
        const script = await load(await write(root, flavours.TypeScript, changes['an optional column']!));
        await withClient(database, (holder) =>
          withClient(database, async (client) => {
            await holder.query('begin');
            await holder.query('select 1 from orders limit 1');
            const done = script.up(client);
            await new Promise((resolve) => setTimeout(resolve, 900));
            await holder.query('commit');
            await done;
            await script.down(client);
          }),
        );
      }));

    it('stops when told to', () =>
      withFolder(async (root) => {
        const change = { ...changes['a backfill']!, onlyEmpty: false } as MigrationChange;
        const script = await load(await write(root, flavours.TypeScript, change));
        const control = new AbortController();
        await withClient(database, async (client) => {
          const seen: number[] = [];
          const onProgress = ({ rowsDone }: { rowsDone: number }): void => {
            seen.push(rowsDone);
            control.abort(new Error('enough'));
          };
          await assert.rejects(script.up(client, { batchRows: 100, signal: control.signal, onProgress }));
          assert.deepEqual(seen, [100]);
          await script.down(client);
          await client.query('update orders set note = null');
        });
      }));
  });
}
