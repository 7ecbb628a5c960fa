import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { changeTypes } from '../../src/assess/change';
import { verbs } from '../../src/cli/verbs/index';
import { switchback } from './support';

describe('the command line', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-cli-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('lists its verbs and explains each, with what every option means', async () => {
    const general = await switchback(folder, {}, '--help');
    assert.equal(general.exitCode, 0);
    for (const verb of verbs) {
      assert.ok(general.out.includes(verb.name));
      const help = await switchback(folder, {}, verb.name, '--help');
      assert.equal(help.exitCode, 0);
      const words = help.out.replace(/\s+/g, ' ');
      for (const form of verb.usage.split('\n'))
        assert.ok(words.includes(`${verb.name} ${form}`.trim()), form);
      const ofKinds = new Set(verb.kinds?.().flatMap(({ options }) => Object.keys(options)));
      for (const [name, { help: meaning }] of Object.entries(verb.options))
        if (!ofKinds.has(name)) assert.match(words, new RegExp(`--${name} .*${literally(meaning)}`));
      for (const line of help.out.split('\n')) assert.ok(line.length <= 100, line);
    }
  });

  for (const verb of ['assess', 'plan', 'scaffold'])
    it(`lists the kinds of change for ${verb}, and what each takes`, async () => {
      const all = await switchback(folder, {}, verb, '--help');
      for (const type of changeTypes) {
        const { kind, usage } = type;
        assert.match(all.out, new RegExp(`^  ${kind}\\s+${literally(type.title())}$`, 'm'));
        const help = await switchback(folder, {}, verb, kind, '--help');
        const words = help.out.replace(/\s+/g, ' ');
        assert.equal(help.exitCode, 0);
        assert.ok(words.startsWith(`switchback ${verb} ${kind} --table T ${usage}`.trim()), help.out);
        for (const { id, asks, label } of type.fields())
          if (asks !== 'choice') assert.match(words, new RegExp(`--${id} .*${literally(label)}`));
      }
    });

  it('names kinds near the word that is none, and what a kind takes', async () => {
    const near = await switchback(folder, {}, 'plan', 'rename');
    assert.match(
      near.told.join(),
      /"rename" is no kind of change\. Near it are rename-column, .*switchback plan --help/,
    );
    const far = await switchback(folder, {}, 'plan', 'paint');
    assert.match(far.told.join(), /"paint" is no kind of change\. All of them: switchback plan --help/);
    const missing = await switchback(folder, {}, 'plan', 'rename-column', '--table', 't', '--to', 'b');
    assert.equal(missing.exitCode, 2);
    assert.match(missing.told.join(), /rename-column needs --from\. It takes --table T --from OLD --to NEW/);
  });

  it('answers 2 to wrong usage, with the way out', async () => {
    for (const words of [[], ['nonsense'], ['status', '--nonsense'], ['assess', 'paint'], ['apply']]) {
      const answer = await switchback(folder, {}, ...words);
      assert.equal(answer.exitCode, 2, words.join(' '));
      assert.ok(answer.told.join('').length > 0 || answer.out.length > 0);
    }
  });

  it('answers 2 to a role without an approval, before it connects', async () => {
    const plan = path.join(folder, 'plans', 'one');
    await mkdir(plan, { recursive: true });
    await writeFile(path.join(plan, 'plan.md'), '# one\n');
    for (const words of [[], ['--confirm-gate', 'backup']]) {
      const answer = await switchback(folder, {}, 'apply', 'one', ...words, '--role', 'Tech lead');
      assert.equal(answer.exitCode, 2);
      assert.match(answer.told.join(), /--role goes with --confirm-gate approval/);
    }
    await rm(plan, { recursive: true });
  });

  it('answers 2 to a name longer than 63 bytes before it connects', async () => {
    const name = 'ü'.repeat(32);
    const words = ['assess', 'rename-column', '--table', 't', '--from', 'a', '--to', name];
    const answer = await switchback(folder, {}, ...words);
    assert.equal(answer.exitCode, 2);
    assert.match(answer.told.join(), /64 bytes/);
  });

  it('answers 3 when the database cannot be reached, and never prints the password', async () => {
    const url = 'postgres://somebody:hush-hush@127.0.0.1:1/shop';
    const answer = await switchback(
      folder,
      {},
      'assess',
      'rename-column',
      '--table',
      't',
      '--from',
      'a',
      '--to',
      'b',
      '--database-url',
      url,
    );
    assert.equal(answer.exitCode, 3);
    assert.ok(!answer.told.join('\n').includes('hush-hush'));
  });

  it('answers JSON alone on standard output, errors included', async () => {
    const answer = await switchback(folder, {}, 'verify', '--format', 'json');
    assert.equal(answer.exitCode, 2);
    assert.equal(answer.json<{ error: { code: string } }>().error.code, 'usage');
  });

  it('names the mistake in a broken configuration file', async () => {
    const broken = path.join(folder, 'broken');
    await mkdir(path.join(broken, '.switchback'), { recursive: true });
    await writeFile(path.join(broken, '.switchback', 'config.json'), '{ "migrations": "db" }');
    const answer = await switchback(broken, {}, 'status');
    assert.equal(answer.exitCode, 1);
    assert.match(answer.told.join(), /config\.json: migrations is wrong/);
  });
});

function literally(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
