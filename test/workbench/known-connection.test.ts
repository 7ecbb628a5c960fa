import assert from 'node:assert/strict';
import type { Connection } from '../../src/database/connection';
import { parseConnectionUrl } from '../../src/database/connection-url';
import {
  connectQuestions,
  type ConnectAnswers,
  type ConnectChoices,
} from '../../src/workbench/connect-steps';
import { savedOf, weakenedIn } from '../../src/workbench/known-connection';
import type { MultiStepInput } from '../../src/workbench/multi-step-input';
import { askInOrder } from '../../src/workbench/question-series';

const saved: Connection = {
  ...parseConnectionUrl('postgres://app@db.bank/shop?sslmode=verify-full&sslrootcert=/ours/root.crt')
    .connection,
  name: 'The bank',
  environment: 'production',
};
const weak = 'postgres://app:of-the-workspace@db.bank/shop?sslmode=disable';

/** What Connect has after Enter to every question but the one for the source; `typed` is what is typed for a question. */
async function answered(
  source: ConnectAnswers['source'],
  choices: ConnectChoices,
  typed: Record<string, string> = {},
): Promise<ConnectAnswers> {
  const input = {
    pick: async ({ choices: items, active }: { choices: { value: unknown }[]; active?: unknown }) =>
      (items.find(({ value }) => (value as { kind?: string }).kind === source)?.value ?? active) ||
      items[0]!.value,
    text: async ({ prompt, value }: { prompt: string; value: string }) =>
      Object.entries(typed).find(([word]) => prompt.startsWith(word))?.[1] ?? value,
  };
  const answers: ConnectAnswers = {
    source,
    connection: parseConnectionUrl('postgres://postgres@localhost/postgres').connection,
    password: null,
    action: 'connect',
  };
  return askInOrder(connectQuestions(choices), answers, () => input as unknown as MultiStepInput);
}

describe('a connection that is saved, named again', () => {
  const found = { ...parseConnectionUrl(weak), source: '.env, DATABASE_URL', origin: 'workspace' as const };
  const choices = { saved: [saved], found: [found] };

  it('is offered as it is saved when a workspace names it otherwise', async () => {
    const { connection } = await answered('found', choices);
    assert.deepEqual(connection, saved);
  });

  it('is offered as it is saved when its host and user are typed', async () => {
    const typed = { Host: 'db.bank', Database: 'shop', User: 'app' };
    const { connection } = await answered('fields', choices, typed);
    assert.deepEqual(connection, saved);
  });

  it('keeps name, environment and certificates when a URL is typed, and the stronger sslmode of the two', async () => {
    const more = `${weak}&connect_timeout=5`;
    const { connection } = await answered('url', choices, { 'The URL': more });
    assert.deepEqual(connection, { ...saved, connectTimeoutSeconds: 5 });
    const looser = { ...saved, sslmode: 'prefer' as const };
    const stronger = await answered(
      'url',
      { saved: [looser], found: [] },
      {
        'The URL': 'postgres://app@db.bank/shop?sslmode=verify-full',
      },
    );
    assert.equal(stronger.connection.sslmode, 'verify-full');
  });

  it('leaves others as they are found', async () => {
    const { connection } = await answered('found', { saved: [{ ...saved, id: 'another' }], found: [found] });
    assert.deepEqual(connection, found.connection);
    assert.equal(savedOf([{ ...saved, id: 'another' }], found.connection), undefined);
  });

  it('is found again by what makes it the same', () => {
    assert.equal(savedOf([saved], found.connection), saved);
  });

  it('says what of it would be weakened', () => {
    assert.deepEqual(weakenedIn(saved, saved), []);
    assert.deepEqual(weakenedIn(saved, { ...saved, name: 'Another', options: '-c search_path=app' }), []);
    const sentences = weakenedIn(saved, found.connection).join('\n');
    assert.match(sentences, /Production to Development/);
    assert.match(sentences, /verify-full to disable/);
    const authority = weakenedIn(saved, { ...saved, sslRootCert: '/workspace/root.crt' });
    assert.match(authority.join(), /\/workspace\/root\.crt.*\/ours\/root\.crt/);
    assert.equal(
      weakenedIn({ ...saved, environment: 'staging' }, { ...saved, environment: 'development' }).length,
      1,
    );
    assert.equal(weakenedIn(saved, { ...saved, environment: 'staging' }).length, 1);
    assert.equal(weakenedIn({ ...saved, sslmode: 'prefer' }, { ...saved, sslmode: 'allow' }).length, 1);
  });

  it('is not weakened by what is stronger', () => {
    const loose: Connection = {
      ...saved,
      environment: 'development',
      sslmode: 'disable',
      sslRootCert: undefined,
    };
    assert.deepEqual(weakenedIn(loose, saved), []);
  });
});
