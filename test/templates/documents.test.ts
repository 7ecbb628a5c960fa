import assert from 'node:assert/strict';
import path from 'node:path';
import { nodeFiles } from '../../src/ports/node-files';
import { renderTemplate } from '../../src/templates/engine';

const shippedFolder = path.resolve(__dirname, '../../templates');
const render = (name: string, context: object): Promise<string> =>
  renderTemplate({ name, context, shippedFolder, overrideFolder: null, files: nodeFiles() });

describe('the report and the retrospective', () => {
  it('shows every check and rehearsed migration in one row', async () => {
    const text = await render('report.md.hbs', {
      title: 'Rename a|b',
      verdict: 'Passed',
      takenAt: '2026-03-04T05:06:07Z',
      database: { label: 'shop on localhost', environment: 'staging', version: '18.1' },
      checks: [{ title: 'Rows | equal', verdict: 'passed', evidence: '200,000 rows\n0 differ', milliseconds: 1234 }],
      rehearsal: { shadow: 'local, postgres 18.1', migrations: [{ name: '000014_`x`', verdict: 'exact', remarks: '' }] },
      queries: [{ title: 'Rows <b>', sql: 'select 1;\n```' }],
    });
    assert.equal(
      text,
      `# Report: Rename a|b

**Passed** on shop on localhost (staging, PostgreSQL 18.1), 2026-03-04 05:06 UTC.

| Check | Verdict | Evidence | Took |
|---|---|---|---|
| Rows \\| equal | passed | 200,000 rows<br>0 differ | 1.2 s |

## Rehearsal of the rollback

Up, down and up again in a shadow database (local, postgres 18.1), the catalog compared each time.

| Migration | Verdict | Remarks |
|---|---|---|
| \`\` 000014_\`x\` \`\` | exact | – |

## Run it again

### Rows &lt;b&gt;

\`\`\`\`sql
select 1;
\`\`\`
\`\`\`\`

`,
    );
  });

  it('says when nothing was rehearsed', async () => {
    const text = await render('report.md.hbs', {
      title: 'x',
      verdict: 'Failed',
      takenAt: '2026-03-04T05:06:07Z',
      database: { label: 'shop', environment: 'development', version: '12' },
      checks: [],
      rehearsal: null,
      queries: [],
    });
    assert.match(text, /Not rehearsed\./);
  });

  it('sets what was expected beside what was', async () => {
    const text = await render('retrospective.md.hbs', {
      plan: { id: '20260304-x', title: 'Rename' },
      startedAt: '2026-03-04T05:06:07Z',
      finishedAt: '2026-04-10T05:06:07Z',
      database: 'shop on localhost',
      steps: [{ title: 'Backfill', expected: '2-15 s', took: '9 s' }],
    });
    assert.match(text, /from 2026-03-04 to 2026-04-10 on shop on localhost/);
    assert.match(text, /\| Backfill \| 2-15 s \| 9 s \|/);
  });
});
