import assert from 'node:assert/strict';
import { prerequisiteIds } from '../../src/assess/prerequisites';
import { parseHostMessage, parsePageRequest, type PageRequest } from '../../src/protocol/messages';
import { prerequisiteIdSchema, stationIds } from '../../src/protocol/wizard-state';
import { sampleState } from './sample-state';

describe('messages between host and page', () => {
  for (const station of stationIds) {
    it(`carry a whole snapshot at ${station} and change nothing in it`, () => {
      const message = {
        kind: 'state',
        state: sampleState(station),
        panel: { station, planUri: 'file:///plans/a' },
      };
      assert.deepEqual(parseHostMessage(JSON.parse(JSON.stringify(message))), message);
    });
  }

  it('carry the running part alone', () => {
    const message = { kind: 'run', run: sampleState('implement').run };
    assert.deepEqual(parseHostMessage(message), message);
  });

  it('are refused by the page when any part of a snapshot is missing or of another type', () => {
    const state = sampleState('assess');
    const panel = { station: 'assess' };
    assert.notEqual(parseHostMessage({ kind: 'state', state, panel }), null);
    for (const key of Object.keys(state)) {
      const { [key as keyof typeof state]: _left, ...rest } = state;
      assert.equal(parseHostMessage({ kind: 'state', state: rest, panel }), null, `without ${key}`);
      assert.equal(
        parseHostMessage({ kind: 'state', state: { ...state, [key]: 7 }, panel }),
        null,
        `${key} as a number`,
      );
    }
  });

  it('know the same prerequisites as the assessment', () => {
    assert.deepEqual(prerequisiteIdSchema.options, prerequisiteIds);
  });

  const requests: PageRequest[] = [
    { kind: 'ready' },
    { kind: 'go', station: 'plan' },
    { kind: 'edit-change', draft: sampleState('change').change.draft, revision: 3 },
    { kind: 'edit-options', options: sampleState('plan').plan!.options, migrationFolder: 'migrations' },
    { kind: 'edit-scope', field: 'deadline', value: '2026-12-31' },
    { kind: 'keep-scope' },
    { kind: 'confirm-prerequisite', prerequisite: 'time' },
    { kind: 'open-file', path: '/a/b.sql', line: 3 },
    { kind: 'open-sql', step: '01-add', part: 'rollback' },
    { kind: 'release-phase', phase: 'migrate' },
    { kind: 'confirm-deploy', step: '04-deploy' },
    { kind: 'waive-gate', gate: 'backup' },
  ];
  for (const request of requests) {
    it(`carry the request ${request.kind}`, () => assert.deepEqual(parsePageRequest(request), request));
  }

  it('are refused by the host when they are not requests', () => {
    const wrong: unknown[] = [
      null,
      'ready',
      {},
      { kind: 'drop-everything' },
      { kind: 'go', station: 'nowhere' },
      { kind: 'open-sql', step: '01-add', part: 'all' },
      { kind: 'edit-change', draft: { kind: 'rename-column' }, revision: 1 },
      { kind: 'release-phase', phase: 'everything' },
      { kind: 'edit-scope', field: 'budget', value: '' },
      { kind: 'edit-scope', field: 'users' },
      { kind: 'confirm-prerequisite', prerequisite: 'luck' },
    ];
    for (const message of wrong) assert.equal(parsePageRequest(message), null, JSON.stringify(message));
  });
});
