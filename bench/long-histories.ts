import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { LayoutId } from '../src/layouts/layout';

/** How to write a history of so many migrations as one tool has it on disk. */
export interface LongHistory {
  layout: LayoutId;
  write(folder: string, count: number): Promise<unknown>;
}

/** SQL and code, of which the order is in names (golang-migrate, Django, Rails, Knex), in texts, or in one file. */
export const longHistories: readonly LongHistory[] = [
  {
    layout: 'golang-migrate',
    write: (folder, count) =>
      each(count, async (number) => {
        const stem = path.join(folder, `${digits(number)}_step`);
        await writeFile(`${stem}.up.sql`, `create table t${number} (id bigint primary key);\n`);
        await writeFile(`${stem}.down.sql`, `drop table t${number};\n`);
      }),
  },
  {
    layout: 'alembic',
    write: async (folder, count) => {
      const versions = path.join(folder, 'versions');
      await writeFile(path.join(folder, 'alembic.ini'), '[alembic]\nscript_location = .\n');
      await mkdir(versions);
      await each(count, (number) =>
        writeFile(path.join(versions, `${revision(number)}_step_${number}.py`), revisionText(number)),
      );
    },
  },
  {
    layout: 'django',
    write: async (folder, count) => {
      const migrations = path.join(folder, 'migrations');
      await mkdir(migrations);
      await writeFile(path.join(migrations, '__init__.py'), '');
      await each(count, (number) =>
        writeFile(path.join(migrations, `${djangoName(number)}.py`), djangoText(number)),
      );
    },
  },
  {
    layout: 'sqitch',
    write: async (folder, count) => {
      await writeFile(path.join(folder, 'sqitch.conf'), '[core]\n\tengine = pg\n');
      for (const direction of ['deploy', 'revert']) {
        await mkdir(path.join(folder, direction));
        await each(count, (number) =>
          writeFile(path.join(folder, direction, `step_${digits(number)}.sql`), `select ${number};\n`),
        );
      }
      const lines = await each(count, async (number) => {
        const requires = number === 1 ? '' : ` [step_${digits(number - 1)}]`;
        return `step_${digits(number)}${requires} ${stamp(number)} Planner <planner@example.org> # Step ${number}.\n`;
      });
      await writeFile(
        path.join(folder, 'sqitch.plan'),
        `%syntax-version=1.0.0\n%project=long\n\n${lines.join('')}`,
      );
    },
  },
  {
    layout: 'rails',
    write: async (folder, count) => {
      const migrations = path.join(folder, 'migrate');
      await mkdir(migrations);
      await each(count, (number) =>
        writeFile(path.join(migrations, `${compactStamp(number)}_step_${number}.rb`), railsText(number)),
      );
    },
  },
  {
    layout: 'knex',
    write: async (folder, count) => {
      const migrations = path.join(folder, 'migrations');
      await mkdir(migrations);
      await each(count, (number) =>
        writeFile(path.join(migrations, `${compactStamp(number)}_step_${number}.js`), knexText(number)),
      );
    },
  },
  {
    layout: 'liquibase',
    write: async (folder, count) => {
      const sets = await each(
        count,
        async (number) =>
          `--changeset planner:${number}\ncreate table t${number} (id bigint primary key);\n--rollback drop table t${number};\n\n`,
      );
      await writeFile(path.join(folder, 'changelog.sql'), `--liquibase formatted sql\n\n${sets.join('')}`);
    },
  },
];

/** A few at a time: all at once would be too many open files. */
async function each<Result>(count: number, of: (number: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 1; first <= count; first += 100) {
    const numbers = Array.from({ length: Math.min(100, count - first + 1) }, (_, index) => first + index);
    results.push(...(await Promise.all(numbers.map(of))));
  }
  return results;
}

function digits(number: number): string {
  return String(number).padStart(6, '0');
}

/** A revision's number as Alembic draws them: in no order. */
function revision(number: number): string {
  return (BigInt(number) * 104_729n * 1_299_709n).toString(16).padStart(12, '0').slice(-12);
}

function stamp(number: number): string {
  return new Date(Date.UTC(2020, 0, 1) + number * 3_600_000).toISOString().replace(/\.\d+/, '');
}

function compactStamp(number: number): string {
  return stamp(number).replace(/\D/g, '');
}

function revisionText(number: number): string {
  const before = number === 1 ? 'None' : `"${revision(number - 1)}"`;
  return `"""Step ${number}

Revision ID: ${revision(number)}
Revises: ${before}
Create Date: ${stamp(number)}

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "${revision(number)}"
down_revision = ${before}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create table t${number} (id bigint primary key)")


def downgrade() -> None:
    op.execute("drop table t${number}")
`;
}

function djangoName(number: number): string {
  return `${String(number).padStart(4, '0')}_step`;
}

function djangoText(number: number): string {
  const before = number === 1 ? '' : `("db", "${djangoName(number - 1)}")`;
  return `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [${before}]

    operations = [
        migrations.RunSQL("create table t${number} (id bigint primary key)", "drop table t${number}"),
    ]
`;
}

function railsText(number: number): string {
  return `class Step${number} < ActiveRecord::Migration[6.1]
  def up
    execute "create table t${number} (id bigint primary key)"
  end

  def down
    execute "drop table t${number}"
  end
end
`;
}

function knexText(number: number): string {
  return `exports.up = function (knex) {
  return knex.raw('create table t${number} (id bigint primary key)');
};

exports.down = function (knex) {
  return knex.raw('drop table t${number}');
};
`;
}
