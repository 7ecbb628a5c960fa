import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { migrationChecks, type MigrationChecks } from '../../../src/journey/migration-checks';
import { newMigration } from '../../../src/journey/new-migration';
import type { MultiStepInput } from '../../../src/workbench/multi-step-input';
import {
  changeOfDraft,
  emptyMigrationDraft,
  usualName,
  type MigrationDraft,
} from '../../../src/workbench/new-document/migration-draft';
import { migrationQuestions } from '../../../src/workbench/new-document/migration-questions';
import { askInOrder } from '../../../src/workbench/question-series';
import { testContext } from '../../support/journey-context';

/** A person who takes what is offered, unless the words of a question are named here. */
class Person {
  readonly asked: string[] = [];

  constructor(private readonly says: Record<string, unknown>) {}

  async pick<T>({ placeholder, active }: { placeholder: string; active?: T }): Promise<T | undefined> {
    return this.answer(placeholder, active) as T;
  }

  async text(options: {
    prompt: string;
    value: string;
    validate?: (value: string) => string | undefined;
  }): Promise<string> {
    const text = String(this.answer(options.prompt, options.value));
    assert.equal(options.validate?.(text), undefined, `${options.prompt} ${text}`);
    return text;
  }

  private answer(words: string, offered: unknown): unknown {
    this.asked.push(words);
    const key = Object.keys(this.says).find((each) => words.includes(each));
    return key === undefined ? offered : this.says[key];
  }
}

describe('the questions of a new migration, of a table that no database knows', () => {
  let folder: string;
  let checks: MigrationChecks;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-questions-'));
    checks = await migrationChecks();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function ask(says: Record<string, unknown>): Promise<{ draft: MigrationDraft; asked: string[] }> {
    const person = new Person({ 'Table, with its schema': 'sales.orders', ...says });
    const folders = [{ label: 'migrations', title: 'plain pairs', layout: 'plain' }] as never;
    const draft = await askInOrder(
      migrationQuestions({ checks, known: null, folders, codeTool: null }),
      { ...emptyMigrationDraft(), folder: 'migrations' },
      () => person as unknown as MultiStepInput,
    );
    return { draft, asked: person.asked };
  }

  const required = { 'Name of the new column': 'code', 'Type of code': 'uuid', 'required (NOT NULL)': true };
  const byDefault = { ...required, 'Default of code': 'gen_random_uuid()' };
  const byFill = { ...required, 'What do existing rows get': 'md5(id::text)::uuid' };
  const keyAt = (asked: string[]): number => asked.findIndex((words) => words.startsWith('Primary key of'));

  for (const language of ['typescript', 'javascript'] as const) {
    for (const [name, says] of Object.entries({ 'a volatile default': byDefault, 'a fill': byFill })) {
      it(`ask for the key of a required column with ${name} in ${language}, and then it is written`, async () => {
        const { draft, asked } = await ask({
          ...says,
          'In which language': language,
          'Primary key of': 'shop, number',
        });
        assert.ok(keyAt(asked) > asked.indexOf('In which language?'), asked.join('\n'));
        const [file] = await newMigration(testContext(folder), null, {
          folder: path.join(folder, 'migrations'),
          name: `${usualName(draft)} ${name} ${language}`,
          language,
          change: changeOfDraft(draft),
        });
        assert.match(await readFile(file!, 'utf8'), /shop, number/);
      });
    }
  }

  it('ask for no key where none is used', async () => {
    for (const says of [
      { ...byFill, 'In which language': 'sql' },
      { ...byDefault, 'In which language': 'sql' },
      { ...required, 'Default of code': "'x'", 'In which language': 'typescript' },
      { ...byFill, 'required (NOT NULL)': false, 'In which language': 'typescript' },
    ]) {
      const { draft, asked } = await ask(says);
      assert.equal(keyAt(asked), -1, JSON.stringify(says));
      assert.deepEqual(draft.key, []);
    }
  });

  it('ask for the key of a backfill in every language', async () => {
    for (const language of ['sql', 'typescript', 'javascript']) {
      const { draft, asked } = await ask({
        'In which language': language,
        'What does the migration do': 'backfill',
        'Name of the column': 'code',
        'New value of': 'lower(name)',
      });
      assert.equal(draft.kind, 'backfill', asked.join('\n'));
      assert.ok(keyAt(asked) >= 0, asked.join('\n'));
    }
  });
});
