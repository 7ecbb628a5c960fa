import assert from 'node:assert/strict';
import path from 'node:path';
import { alembicTable } from '../../src/layouts/alembic-place';
import { readRevision } from '../../src/layouts/alembic-revisions';
import { atlas } from '../../src/layouts/atlas';
import { atlasHistoryTable } from '../../src/layouts/atlas-table';
import { diesel } from '../../src/layouts/diesel';
import { flywayHistoryTable } from '../../src/layouts/flyway-table';
import { knex } from '../../src/layouts/knex';
import type { Layout } from '../../src/layouts/layout';
import { changelogEntries } from '../../src/layouts/liquibase-entries';
import { checksumOf } from '../../src/layouts/liquibase-migrations';
import { liquibaseHistoryTable } from '../../src/layouts/liquibase-table';
import { headerMarkers } from '../../src/layouts/markers';
import { nodePgMigrate } from '../../src/layouts/node-pg-migrate';
import { plainPair } from '../../src/layouts/plain-pair';
import { prismaHistoryTable } from '../../src/layouts/prisma-table';
import { rails } from '../../src/layouts/rails';
import { railsTable } from '../../src/layouts/rails-project';
import { readConfiguration } from '../../src/layouts/sqitch-configuration';
import { sqlx } from '../../src/layouts/sqlx';
import { supabaseStatements } from '../../src/layouts/supabase-statements';
import { tomlTexts } from '../../src/layouts/toml-values';
import { codeText } from '../../src/layouts/tool-settings';
import { recordedClass, saysTransaction } from '../../src/layouts/typeorm-class';
import { folder, inFolder } from './crate';

const many = 600_000;
const blankLines = '\n'.repeat(many);
const blanks = ' '.repeat(many);

/** How sure the layout is of a folder with these files. */
async function sure(layout: Layout, names: Record<string, string>): Promise<number | null> {
  return (await layout.detect(folder, inFolder(names)))?.confidence ?? null;
}

const above = (name: string): string => path.join(path.dirname(folder), name);

/** Texts that nobody writes by hand, each of which would take minutes where an expression reads it again and again. */
describe('long texts of migrations and settings', () => {
  const cases: [string, () => unknown, unknown][] = [
    [
      'blank lines in a plain pair',
      () => sure(plainPair, { '001_a.sql': `${blankLines}x`, '001_a_rollback.sql': '' }),
      0.8,
    ],
    [
      'dashes and blanks in a plain pair',
      () => sure(plainPair, { '001_a.sql': `-- ${blanks}x`, '001_a_rollback.sql': '' }),
      0.8,
    ],
    [
      'the mark of another tool behind blank lines',
      () => sure(plainPair, { '001_a.sql': `${blankLines}  -- -- Up Migration`, '001_a_rollback.sql': '' }),
      null,
    ],
    [
      'blank lines of sqlx',
      () => sure(sqlx, { '1_a.up.sql': `${blankLines}-- ${blanks}x`, '1_a.down.sql': '' }),
      0.5,
    ],
    [
      'blank lines of Atlas',
      () =>
        sure(atlas, {
          '1_a.sql': `${blankLines}x`,
          'atlas.sum': `h1:${'x'.repeat(43)}=\n1_a.sql h1:${'x'.repeat(43)}=\n`,
        }),
      0.95,
    ],
    [
      'blank lines of node-pg-migrate',
      async () => {
        const files = inFolder({
          '1_a.sql': `${blankLines}-- ${blanks}\n-- Up Migration\nx\n-- Down Migration\ny`,
        });
        const [migration] = await nodePgMigrate.list(folder, files);
        return (await nodePgMigrate.script(migration!, 'down', files))?.sql;
      },
      '-- Down Migration\ny',
    ],
    [
      'blank lines of Rails',
      async () => {
        const program = `${blankLines}class A < ActiveRecord::Migration[7.0]\n  disable_ddl_transaction!\n  def up\n    execute 'x'\n  end\nend\n`;
        const files = inFolder({ '1_a.rb': program });
        const [migration] = await rails.list(folder, files);
        return (await rails.script(migration!, 'up', files))?.transaction;
      },
      'none',
    ],
    [
      'words of an import of Knex in one line',
      () =>
        sure(knex, {
          '20240101000000_a.js': 'import Knex '.repeat(many / 20),
          '20240101000001_b.js': "import { Knex } from 'knex';",
        }),
      0.85,
    ],
    [
      'blanks in the docstring and the types of Alembic',
      () => readRevision('x.py', `"""a${blanks}b"""\nrevision: ${blanks}\nrevision: str = 'abc'`)?.title,
      `a${blanks}b`,
    ],
    [
      'a setting of Alembic behind returns',
      async () =>
        (await alembicTable(folder, inFolder({ 'env.py': `${'t\r'.repeat(many)}\nversion_table = "v"` })))
          ?.name,
      'v',
    ],
    [
      'blanks in the metadata of Diesel',
      async () => {
        const metadata = `run_in_transaction = x${blanks}x\u2028`;
        const files = inFolder({ '1_a/up.sql': '', '1_a/metadata.toml': metadata });
        const [migration] = await diesel.list(folder, files);
        return (await diesel.script(migration!, 'up', files))?.transaction;
      },
      'wrapped',
    ],
    [
      'comments of Atlas that nothing closes',
      () => {
        const settings = `revisions_schema = "a" // ${blanks}x\n${'/* '.repeat(many)}\nrevisions_schema = "b"`;
        return atlasHistoryTable(folder, inFolder({}, { [above('atlas.hcl')]: settings }));
      },
      { schema: 'a', name: 'atlas_schema_revisions' },
    ],
    [
      'blanks in properties of Flyway',
      async () => {
        const settings = `flyway.table=a${blanks}b\n`;
        return (await flywayHistoryTable(folder, inFolder({}, { [above('flyway.conf')]: settings })))?.name;
      },
      `a${blanks}b`,
    ],
    [
      'blanks in properties of Liquibase',
      async () => {
        const settings = `databaseChangeLogTableName: a${blanks}b\n`;
        const files = inFolder({}, { [above('liquibase.properties')]: settings });
        return (await liquibaseHistoryTable(folder, files))?.name;
      },
      `a${blanks}b`,
    ],
    [
      'remarks and elements of a changelog that nothing closes',
      () =>
        changelogEntries(
          'x.xml',
          `<databaseChangeLog>${'<include '.repeat(many / 6)}<include file="a.sql"/>${'<!-- '.repeat(many)}`,
        ),
      [{ kind: 'include', path: 'a.sql', relative: false }],
    ],
    ['parameters of Liquibase that nothing closes', () => checksumOf({ sql: '${x'.repeat(many) })?.[0], '9'],
    [
      'blanks behind a marker',
      () => headerMarkers(`-- switchback:irreversible ${blanks}x\u2028y`).irreversible,
      'x\u2028y',
    ],
    [
      'blank lines and sources of Prisma',
      async () => {
        const settings = `${blankLines}datasource db {\n${blankLines}url = "postgresql://h/d?schema=app"\n}\n`;
        const files = inFolder({}, { [above('schema.prisma')]: settings });
        return (await prismaHistoryTable(folder, files))?.schema;
      },
      'app',
    ],
    [
      'returns in the configuration of Rails',
      async () => {
        const settings = `${'t\r'.repeat(many)}\nconfig.active_record.schema_migrations_table_name = "v"`;
        const files = inFolder({}, { [above(path.join('config', 'application.rb'))]: settings });
        return (await railsTable(folder, files))?.name;
      },
      'v',
    ],
    [
      'blanks in the configuration of Sqitch',
      () => readConfiguration(`[core]\n\ta = b${blanks}c`).get('core.a'),
      `b${blanks}c`,
    ],
    [
      'semicolons and bodies of Supabase',
      () =>
        supabaseStatements(`select '${';'.repeat(many)}x' ${'atomic '.repeat(many / 4)};;\nselect 2`).map(
          (statement) => statement.slice(0, 8),
        ),
      ["select '", 'select 2'],
    ],
    [
      'blanks, quotes and lists of TOML',
      () =>
        [
          ...tomlTexts(
            `[a${blanks}b\nx${blanks}.y\nz = [${'"\\"\\'.repeat(many / 4)}\n"c",\n${'"d",\n'.repeat(many / 20)}`,
          ).values(),
        ].map((list) => list.slice(0, 2)),
      [['c', 'd']],
    ],
    [
      'quotes and comments of JavaScript that nothing closes',
      () => codeText(`a // b\n${"'\\'\\".repeat(many / 4)}\nc /* d */ ${'/* '.repeat(many)}`).length,
      'a  \n'.length + many + '\nc   '.length + 1,
    ],
    [
      'words before names of TypeORM',
      () => [
        recordedClass(
          `${'const a =\n'.repeat(many / 10)}${'this.\n'.repeat(many / 6)}class A1700000000000 {}`,
        ),
        saysTransaction(`${'this.\n'.repeat(many / 6)}x`),
      ],
      ['A1700000000000', false],
    ],
  ];

  for (const [title, given, expected] of cases) {
    it(`reads ${title}`, async () => {
      assert.deepEqual(await given(), expected);
    });
  }
});
