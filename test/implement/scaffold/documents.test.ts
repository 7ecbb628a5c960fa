import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRegions } from '../../../src/documents/regions';
import { documentContexts, type DocumentContexts } from '../../../src/implement/scaffold/document-contexts';
import { migrationText } from '../../../src/implement/scaffold/migration-text';
import { isFileStep } from '../../../src/implement/scaffold/migration-text';
import { stepsOf, type Plan } from '../../../src/plan/plan';
import { nodeFiles } from '../../../src/ports/node-files';
import { loadParser } from '../../../src/sql/parser';
import { renderTemplate } from '../../../src/templates/engine';
import { hostileNames, plainNames, sampleAssessment, samplePlan, type SampleNames } from './sample-plan';

const templates = path.resolve(__dirname, '../../../templates');
const golden = path.join(__dirname, 'golden');
const documents = ['plan.md', 'rollback.md', 'checklist.md', 'verify.sql'] as const;

/** The plan with an example of code on its release. */
function withCodeSample(plan: Plan, { from, to, table }: SampleNames): Plan {
  const code = (column: string): string => `await sql\`select ${column} from ${table.name}\`;\n\`\`\``;
  const phases = plan.phases.map((phase) => ({
    ...phase,
    steps: phase.steps.map((step) =>
      step.kind === 'deploy'
        ? { ...step, sample: { language: 'ts', before: code(from), after: code(to) } }
        : step,
    ),
  }));
  return { ...plan, phases };
}

function contexts(names: SampleNames): DocumentContexts {
  return documentContexts({
    plan: withCodeSample(samplePlan(names), names),
    assessment: sampleAssessment(names),
    approvals: [{ role: 'tech lead', by: 'A | B', at: '2026-03-05T00:00:00Z', hash: 'f'.repeat(64) }],
    plansFolder: 'plans',
    notes: ['Look at the reports.'],
    scope: { systems: names.view, users: null, downtime: null },
    prerequisites: [
      {
        id: 'scope',
        title: 'Scope',
        state: 'held',
        by: { kind: 'evidence', text: names.from },
        ask: 'Say it.',
      },
      { id: 'time', title: 'Time', state: 'open', by: null, ask: `Ask ${names.to}.` },
      {
        id: 'impact',
        title: 'Impact',
        state: 'held',
        by: { kind: 'person', name: names.from, at: '2026-03-04T00:00:00Z', note: names.to },
        ask: 'Assess it.',
      },
    ],
  });
}

function render(name: (typeof documents)[number], names: SampleNames): Promise<string> {
  return renderTemplate({
    name: `${name}.hbs`,
    context: contexts(names)[name],
    shippedFolder: templates,
    overrideFolder: null,
    files: nodeFiles(),
  });
}

/** The SQL of a script for psql: its own commands are left out, and what ends with one ends with a semicolon. */
function withoutPsqlCommands(text: string): string {
  return text.replace(/^\\gset$/gm, ';').replace(/^\\.*$/gm, '');
}

/** The shipped text, compared with the file; UPDATE_GOLDEN=1 writes it, to be read in the diff. */
async function assertGolden(file: string, text: string): Promise<void> {
  const target = path.join(golden, `${file}.golden`);
  if (process.env.UPDATE_GOLDEN === '1') {
    await mkdir(golden, { recursive: true });
    await writeFile(target, text);
  }
  assert.equal(text, (await readFile(target, 'utf8')).replaceAll('\r\n', '\n'));
}

/** The rows of every table outside fences, as cells; pipes behind a backslash belong to the cell. */
function tables(markdown: string): string[][][] {
  const found: string[][][] = [];
  let fence: string | null = null;
  let current: string[][] | null = null;
  for (const line of markdown.split('\n')) {
    const mark = /^(`{3,})/.exec(line)?.[1] ?? null;
    if (mark && (fence === null || mark.length >= fence.length)) fence = fence === null ? mark : null;
    if (fence === null && line.startsWith('|')) {
      current ??= [];
      current.push(line.slice(1, line.lastIndexOf('|')).split(/(?<!\\)\|/));
    } else if (current) {
      found.push(current);
      current = null;
    }
  }
  return current ? [...found, current] : found;
}

describe('plan documents', function () {
  // The parser is loaded once; on a busy machine that takes seconds.
  this.timeout(20_000);

  for (const [label, names] of [
    ['small', plainNames],
    ['hostile', hostileNames],
  ] as const) {
    for (const name of documents) {
      it(`renders ${name}, ${label}`, async () =>
        assertGolden(`${label}.${name}`, await render(name, names)));
    }

    it(`keeps every table a table, ${label}`, async () => {
      for (const name of documents.filter((document) => document.endsWith('.md'))) {
        for (const table of tables(await render(name, names))) {
          assert.match(table[1]!.join('|'), /^(-+\|)*-+$/, `${name}: ${table[0]!.join('|')}`);
          assert.ok(table.length > 2, `${name}: an empty table ${table[0]!.join('|')}`);
          for (const row of table) assert.equal(row.length, table[0]!.length, `${name}: ${row.join('|')}`);
          assert.ok(
            table.flat().every((cell) => cell.trim() !== ''),
            `${name}: an empty cell in ${JSON.stringify(table)}`,
          );
        }
      }
    });

    it(`leaves no HTML, placeholder or broken region, ${label}`, async () => {
      for (const name of documents.filter((document) => document.endsWith('.md'))) {
        const text = await render(name, names);
        const prose = text
          .replace(/^(`{3,})[^]*?^\1$/gm, '')
          .replace(/(?<![`\\])(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '')
          .replace(/<!--.*?-->/g, '');
        assert.doesNotMatch(prose, /<(?!br>)[a-z/]/i, name);
        assert.doesNotMatch(text, /\bundefined\b|\[object|\bNaN\b|\{\{|\bTODO\b|\bTBD\b|\n{4}/, name);
        for (const region of parseRegions(text)) assert.equal(region.edited, false, region.id);
      }
      const regions = parseRegions(await render('plan.md', names)).map((region) => region.id);
      assert.ok(
        regions.includes('01-add-column.forward') && regions.includes('08-drop-old.verify'),
        regions.join(),
      );
    });

    it(`writes SQL PostgreSQL can read, ${label}`, async () => {
      const parser = await loadParser();
      const verify = parser.parse(withoutPsqlCommands(await render('verify.sql', names)));
      assert.deepEqual(verify.problems, []);
      assert.equal(verify.statements.length, 15);
      for (const step of stepsOf(samplePlan(names)).filter(isFileStep)) {
        const text = await migrationText(samplePlan(names), step, nodeFiles(), {
          shipped: templates,
          override: null,
        });
        const up = parser.parse(text.up);
        const down = parser.parse(text.down);
        assert.deepEqual([up.problems, down.problems], [[], []], text.down);
        assert.equal(up.statements.length, step.kind === 'migration' ? 2 : 1);
        await assertGolden(`${label}.${step.id}.up.sql`, text.up);
        await assertGolden(`${label}.${step.id}.down.sql`, text.down);
      }
    });
  }
});
