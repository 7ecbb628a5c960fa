import assert from 'node:assert/strict';
import type { Assessment, CodeReference, SeenClient } from '../../src/assess/assessment';
import { countCodeReferences, describeCount } from '../../src/assess/code-references';
import { proposeScope } from '../../src/assess/scope-proposal';
import { plainNames, sampleAssessment } from '../implement/scaffold/sample-plan';

const base = sampleAssessment(plainNames);

function seen(
  clients: SeenClient[],
  paths: string[],
  mentions: CodeReference['mentions'] = 'both',
): Assessment {
  const references = paths.map((path): CodeReference => ({
    path,
    line: 1,
    column: 1,
    text: '',
    mentions,
    access: 'unknown',
  }));
  return {
    ...base,
    server: { ...base.server, clients },
    codeReferences: { references, filesSearched: 9, truncated: false },
  };
}

describe('the scope that is proposed', () => {
  it('names applications, roles of sessions without one, and folders of the code', () => {
    const { systems, users } = proposeScope(
      seen(
        [
          { application: 'shop-web', user: 'shop', sessions: 3 },
          { application: 'shop-web', user: 'admin', sessions: 1 },
          { application: null, user: 'etl', sessions: 1 },
        ],
        ['src/a.ts', 'src/b.ts', 'reports/c.sql', 'main.go'],
      ),
      null,
    );
    assert.equal(
      systems,
      'shop-web, the role etl (connected to shop when it was assessed); code in main.go, reports, src',
    );
    assert.match(users, /^the users of shop-web, the role etl; /);
  });

  it('says so when nobody is connected and no code concerns it; code that names only the table does not', () => {
    assert.equal(
      proposeScope(seen([], ['src/a.ts'], 'table'), null).systems,
      'only the database shop: nobody else was connected and no code mentions it',
    );
  });

  it('keeps a long list short', () => {
    const clients = Array.from({ length: 9 }, (_, index) => ({
      application: `app-${index}`,
      user: 'shop',
      sessions: 1,
    }));
    assert.match(proposeScope(seen(clients, []), null).systems, /app-5 and 3 more/);
  });

  it('says the downtime from the locks, standing still only when all is done at once', () => {
    const downtime = (stops: boolean, longestHoldMilliseconds: number | null): string =>
      proposeScope(base, { stops, longestHoldMilliseconds }).downtime;
    assert.match(downtime(false, 11.2), /^none; .* 12 ms$/);
    assert.match(downtime(false, null), /^none; /);
    assert.match(downtime(true, 11), /^from the first step/);
    assert.match(proposeScope(base, null).downtime, /not known/);
  });
});

describe('the count of code a change concerns', () => {
  it('leaves out places that name only the table of a rename, and says 1 as 1', () => {
    const references = [
      ...seen([], ['src/a.ts', 'src/a.ts', 'src/b.ts'], 'column').codeReferences.references,
      ...seen([], ['src/c.ts'], 'table').codeReferences.references,
    ];
    const table = { schema: 'public', name: 't' };
    const renamed = countCodeReferences({ references }, { kind: 'rename-column', table, from: 'a', to: 'b' });
    assert.deepEqual(renamed, { places: 3, files: 2, tableOnly: 1 });
    const added = countCodeReferences(
      { references },
      {
        kind: 'add-required-column',
        table,
        column: 'c',
        type: 'text',
        fill: { by: 'default', expression: "''" },
        keepDefault: false,
      },
    );
    assert.deepEqual(added, { places: 4, files: 3, tableOnly: 0 });
    assert.equal(describeCount(renamed), '3 places in 2 files');
    assert.equal(describeCount({ places: 1, files: 1 }), '1 place in 1 file');
    assert.equal(describeCount({ places: 2000, files: 1 }), '2,000 places in 1 file');
  });
});
