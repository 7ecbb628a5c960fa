import assert from 'node:assert/strict';
import os from 'node:os';
import { blankConnection } from '../../src/workbench/connect-steps';
import type { Database } from '../../src/journey/database';
import type { TableSummary } from '../../src/journey/tables';
import { emptyDraft } from '../../src/workbench/wizard/empty-draft';
import { WizardSession } from '../../src/workbench/wizard/wizard-session';
import type { WizardSurroundings } from '../../src/workbench/wizard/wizard-surroundings';
import { testContext } from '../support/journey-context';

function databaseOf(label: string): Database {
  return {
    connection: { ...blankConnection(), name: label },
    sessions: { label },
    session: { facts: { engine: 'postgres', major: 18, database: label } },
  } as unknown as Database;
}

describe('a wizard whose window goes to another database', () => {
  it('shows what the new one has, also when the switch came while the old one was read', async () => {
    const [staging, production] = [databaseOf('staging'), databaseOf('production')];
    let current = staging;
    let answer = (): void => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    const session = new WizardSession(
      {
        root: os.tmpdir(),
        trusted: () => true,
        database: () => current,
        exclusive: async () => {
          const asked = current;
          if (asked === staging) await slow;
          return [{ schema: 'public', name: asked.sessions.label } as unknown as TableSummary];
        },
        context: async () => testContext(os.tmpdir()),
        post: () => undefined,
        report: (_what: string, error: unknown) => String(error),
        identity: () => ({ draftId: 'draft' }),
      } as unknown as WizardSurroundings,
      { draft: emptyDraft('add-column'), station: 'change', planFolder: null },
    );
    const reading = session.refresh();
    await new Promise((resolve) => setTimeout(resolve, 50));
    current = production;
    await session.refresh();
    answer();
    await reading;
    assert.deepEqual(
      session.model.tables.map(({ name }) => name),
      ['production'],
    );
    assert.equal(session.model.problem, null);
    session.dispose();
  });
});
