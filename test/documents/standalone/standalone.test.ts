import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { migrationTypes, type MigrationTypeId } from '../../../src/documents/migration-types';
import type { KnownDatabase, PlanAnswers, RunbookAnswers } from '../../../src/documents/standalone/answers';
import { skeletonOf } from '../../../src/documents/standalone/skeletons/index';
import { standaloneChecklist } from '../../../src/documents/standalone/standalone-checklist';
import { standalonePlan } from '../../../src/documents/standalone/standalone-plan';
import { standaloneRunbook } from '../../../src/documents/standalone/standalone-runbook';
import { defaultThresholds } from '../../../src/documents/thresholds';
import { nodeFiles } from '../../../src/ports/node-files';
import { renderTemplate } from '../../../src/templates/engine';

const golden = path.join(__dirname, 'golden');
const shippedFolder = path.resolve(__dirname, '../../../templates');
const hostile = 'a`b|c "q" \'s\' <b>\u{1F600}</b> [x](y) *z*\n# no';

interface Words {
  said: (text: string) => string | null;
  title: string;
  database: KnownDatabase | null;
}

const contexts: Record<'small' | 'hostile', Words> = {
  small: {
    said: (text) => text,
    title: 'Move invoices to the new format',
    database: {
      label: 'shop on localhost:5432',
      name: 'shop',
      environment: 'staging',
      version: '12.22',
      bytes: 8_000_000,
      largestTables: [{ name: 'public.invoices', rows: null, bytes: 81_920 }],
    },
  },
  hostile: {
    said: (text) => `${text} ${hostile}`,
    title: hostile,
    database: {
      label: hostile,
      name: hostile,
      environment: 'production',
      version: '18.1',
      bytes: 5_000_000_000,
      largestTables: [{ name: `"${'x'.repeat(63)}"`, rows: 12_345_678, bytes: 3_000_000_000 }],
    },
  },
};

function planAnswers({ said, title }: Words, changeType: MigrationTypeId): PlanAnswers {
  return {
    title,
    why: said('Old invoices cannot be searched'),
    changeType,
    current: said('Invoices are kept as text.'),
    target: said('Invoices are kept as rows.'),
    systems: said('shop, nightly export'),
    users: said('200 people in support'),
    dataVolume: null,
    downtime: said('none'),
    strategy: null,
    startDate: '2026-03-04',
    roles: ['Tech lead', said('Owner')!],
  };
}

function runbookAnswers({ said, title }: Words, changeType: MigrationTypeId): RunbookAnswers {
  return {
    title,
    changeType,
    environment: 'production',
    service: said('the shop'),
    flag: said('new-invoices'),
    releaseCommand: 'deploy --version previous',
    backup: said('/backups/shop, restored with pg_restore'),
    dashboard: said('the dashboard "shop"'),
    decider: said('the tech lead on call'),
    noReturn: null,
  };
}

type DocumentName = 'plan.md' | 'rollback.md' | 'checklist.md';

function documentOf(name: DocumentName, words: Words, changeType: MigrationTypeId, empty = false): object {
  const head = { id: '20260304-invoices', title: words.title, createdAt: '2026-03-04T05:06:07.000Z' };
  const silent: Words = { ...words, said: (text) => (text === 'Owner' ? 'Owner' : null) };
  const common = { head, database: words.database, thresholds: defaultThresholds };
  const who = empty ? silent : words;
  switch (name) {
    case 'plan.md':
      return standalonePlan({ ...common, answers: planAnswers(who, changeType), takenAt: head.createdAt });
    case 'rollback.md': {
      const answers = runbookAnswers(who, changeType);
      return standaloneRunbook({
        ...common,
        answers: empty ? { ...answers, releaseCommand: null } : answers,
      });
    }
    case 'checklist.md':
      return standaloneChecklist({
        ...common,
        answers: {
          title: words.title,
          changeType,
          backfill: true,
          flag: !empty,
          deprecationDays: skeletonOf(changeType).deprecationDays,
          roles: planAnswers(who, changeType).roles,
        },
      });
  }
}

function render(name: DocumentName, context: object): Promise<string> {
  return renderTemplate({
    name: `${name}.hbs`,
    context,
    shippedFolder,
    overrideFolder: null,
    files: nodeFiles(),
  });
}

describe('documents without a plan', () => {
  const names: DocumentName[] = ['plan.md', 'rollback.md', 'checklist.md'];

  for (const label of ['small', 'hostile'] as const) {
    for (const name of names) {
      it(`${label} ${name}`, async () => {
        const text = await render(name, documentOf(name, contexts[label], 'data-format-change'));
        const target = path.join(golden, `${label}.${name}.golden`);
        if (process.env.UPDATE_GOLDEN === '1') {
          await mkdir(golden, { recursive: true });
          await writeFile(target, text);
        }
        assert.equal(text, (await readFile(target, 'utf8')).replaceAll('\r\n', '\n'));
      });
    }
  }

  for (const { id } of migrationTypes()) {
    it(`leave nothing open for ${id}, whether or not anything was answered`, async () => {
      for (const name of names) {
        for (const empty of [false, true]) {
          const text = await render(name, documentOf(name, contexts.small, id, empty));
          const prose = text.replace(/^```[^]*?^```$/gm, '');
          assert.doesNotMatch(
            prose,
            /\[(?![ x]\])[^\]]*\](?!\()|\bundefined\b|\bnull\b|\bTODO\b|\bTBD\b|\{\{/,
            text,
          );
          assert.doesNotMatch(text, /\n{4}/);
        }
      }
    });

    it(`has steps in order and one point of no return for ${id}`, () => {
      const { phases, noReturn } = skeletonOf(id);
      const ids = phases.flatMap((phase) => phase.steps.map((step) => step.id));
      assert.deepEqual(ids, [...ids].sort());
      assert.equal(new Set(ids).size, ids.length);
      assert.deepEqual(
        phases.map((phase) => phase.name),
        ['expand', 'migrate', 'contract'],
      );
      if (noReturn.step !== null) {
        assert.ok(phases[2]!.steps.some((step) => step.id === noReturn.step));
      }
    });
  }

  it('say that nobody said it, and take from the database what it knows', async () => {
    const asked = await render(
      'plan.md',
      documentOf('plan.md', { ...contexts.small, database: null }, 'schema-additive', true),
    );
    assert.match(asked, /\| Systems \| Not said when this document was written, on 2026-03-04\. \|/);
    assert.match(asked, /\| Data volume \| Not said when/);
    const { database } = contexts.hostile;
    const known = await render(
      'plan.md',
      documentOf(
        'plan.md',
        { ...contexts.small, database: { ...database!, label: 'shop on localhost', name: 'shop' } },
        'schema-additive',
        true,
      ),
    );
    assert.match(
      known,
      /\| Data volume \| at most 4\.7 GB, the whole database shop \| the catalog of the database \|/,
    );
    assert.match(known, /PostgreSQL 18\.1/);
    assert.match(known, /12,345,678 rows/);
  });

  it('list each line of the checklist once', async () => {
    for (const { id } of migrationTypes()) {
      const text = await render('checklist.md', documentOf('checklist.md', contexts.small, id));
      const items = [...text.matchAll(/switchback:item (\S+) -->/g)].map((match) => match[1]);
      assert.equal(new Set(items).size, items.length);
      const lines = text
        .split('\n')
        .filter((line) => line.startsWith('- [ ]'))
        .map((line) => line.replace(/ \*Evidence.*/, ''));
      assert.equal(new Set(lines).size, lines.length);
      assert.equal(text.includes('Old endpoints'), id === 'api-breaking-change' || id === 'system-migration');
    }
  });
});
