import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Session } from '../../src/database/session';
import { freeConstraintName, freeIndexName } from '../../src/safety/default-name';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { formatIdentifier } from '../../src/sql/identifier';
import { testMajors } from '../support/servers';
import { beforeInDatabase } from '../support/before-in-database';
import { schemaAfter } from './lock-truth';

describe('safety/default-name', function () {
  this.timeout(60_000);
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const name = fc
    .tuple(fc.constantFrom('a', 'Tab', 'ä'), fc.integer({ min: 1, max: 62 }))
    .map(([part, length]) => {
      let text = '';
      while (Buffer.byteLength(text + part, 'utf8') <= length) text += part;
      return text || 'x';
    });

  for (const major of testMajors) {
    describe(`on PostgreSQL ${major}`, () => {
      let session: Session;
      beforeInDatabase(major, (opened) => (session = opened));

      it('gives the names the server gives, whatever their length', async () => {
        await fc.assert(
          fc.asyncProperty(name, name, name, async (table, one, other) => {
            fc.pre(one !== other);
            const key = `public.${formatIdentifier(table)}`;
            const [left, right] = [formatIdentifier(one), formatIdentifier(other)];
            const create = `create table ${key} (${left} int unique, ${right} int);`;
            const schema = schemaAfter(parser, create);
            const expected = [
              freeConstraintName(schema, key, 'unique', [one]),
              freeConstraintName(schema, key, 'unique', [one, other]),
              freeConstraintName(schema, key, 'check', [one]),
              freeConstraintName(schema, key, 'check', [one, other]),
              freeConstraintName(schema, key, 'foreign', [other]),
              freeIndexName(schema, key, [other, one]),
            ];
            await session.script('drop schema public cascade; create schema public');
            await session.script(create);
            const given: string[] = [];
            for (const add of [
              `unique (${left})`,
              `unique (${left}, ${right})`,
              `check (${left} > 0)`,
              `check (${left} > ${right})`,
              `foreign key (${right}) references ${key} (${left})`,
            ])
              given.push(await added(`alter table ${key} add ${add}`));
            given.push(await added(`create index on ${key} (${right}, ${left})`));
            assert.deepEqual(given, expected);
          }),
          { numRuns: 15 },
        );
      });

      /** The name of what a statement makes, which is then taken back. */
      async function added(sql: string): Promise<string> {
        const named = `select conname as name from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
          union select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'i'`;
        return session.transaction(
          async () => {
            const before = (await session.query<{ name: string }>(named)).rows.map((row) => row.name);
            await session.query(sql);
            const after = (await session.query<{ name: string }>(named)).rows.map((row) => row.name);
            return after.find((each) => !before.includes(each)) ?? '';
          },
          { rollback: true },
        );
      }
    });
  }
});
