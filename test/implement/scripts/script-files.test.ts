import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { GeneratedFile } from '../../../src/documents/write-generated';
import { planScriptSet } from '../../../src/implement/scripts/plan-script-set';
import { isProgram, scriptFiles } from '../../../src/implement/scripts/script-files';
import type { Plan } from '../../../src/plan/plan';
import { nodeFiles } from '../../../src/ports/node-files';
import { loadParser } from '../../../src/sql/parser';
import { hostileNames, plainNames, samplePlan } from '../scaffold/sample-plan';
import { hasProgram } from './script-workspace';

const run = promisify(execFile);
const goldenFolder = path.join(__dirname, 'golden');
const templates = { shipped: path.resolve(__dirname, '../../../templates'), override: null };

const contexts: Record<string, Plan> = {
  small: samplePlan(plainNames),
  hostile: samplePlan(hostileNames, { id: 'plain', folder: "db's/\u{1F600} migrations" }),
};

async function filesOf(plan: Plan, folder: string): Promise<GeneratedFile[]> {
  const set = planScriptSet({
    plan,
    hash: 'a'.repeat(64),
    plansFolder: 'plans',
    held: [],
    parser: await loadParser(),
  });
  return scriptFiles(set, folder, nodeFiles(), templates);
}

/** The golden's name: files of a step are called after their template, with the step before it. */
function goldenName(name: string): string {
  if (name === '.gitignore') return 'gitignore';
  return name
    .replace(/\.(start|status|batch|close|place)\.sql$/, '.backfill-$1.sql')
    .replace(/\.(forward|rollback)\.sql$/, '.$1.outside.sql');
}

for (const [context, plan] of Object.entries(contexts)) {
  describe(`the script files of a plan, ${context}`, function () {
    this.timeout(60_000);
    let folder: string;
    let files: GeneratedFile[];

    before(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-scripts-'));
      files = await filesOf(plan, folder);
      for (const { path: file, text } of files) {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text, { mode: isProgram(file) ? 0o755 : 0o644 });
      }
    });
    after(() => rm(folder, { recursive: true, force: true }));

    it('are as they were when they were last looked at', async () => {
      for (const { path: file, text } of files) {
        const name = goldenName(path.relative(folder, file).split(path.sep).join('/'));
        const golden = path.join(goldenFolder, context, `${name}.golden`);
        if (process.env.UPDATE_GOLDEN === '1') {
          await mkdir(path.dirname(golden), { recursive: true });
          await writeFile(golden, text);
        }
        assert.equal(text, (await readFile(golden, 'utf8')).replaceAll('\r\n', '\n'), name);
      }
    });

    it('are clean for shellcheck [shellcheck]', async function () {
      if (!(await hasProgram('shellcheck'))) this.skip();
      const scripts = files.map((file) => file.path).filter((file) => file.endsWith('.sh'));
      const [programs, parts] = [scripts.filter(isProgram), scripts.filter((file) => !isProgram(file))];
      assert.ok(programs.length === 5 && parts.length > 10);
      const check = async (...words: string[]): Promise<string> =>
        (await run('shellcheck', words).catch((error: { stdout: string }) => error)).stdout;
      assert.equal(await check('--external-sources', '--source-path=SCRIPTDIR', ...programs), '');
      // What a part includes is checked by itself.
      assert.equal(await check('--exclude=SC1091', ...parts), '');
    });

    it('carry every text through the shell unharmed', async () => {
      const script = [
        `. "${folder}/plan.sh"`,
        `printf '%s\\0%s\\0%s\\0' "$PLAN_TITLE" "$MIGRATIONS_FOLDER" "$NO_RETURN_WHY"`,
        'for step in "${STEPS[@]}"; do step_data "$step"; printf \'%s\\0\' "$title"; done',
      ].join('\n');
      const { stdout } = await run('bash', ['-euc', script]);
      const steps = plan.phases.flatMap((phase) => phase.steps);
      assert.deepEqual(stdout.split('\0').slice(0, -1), [
        plan.title,
        plan.layout.folder,
        plan.pointOfNoReturn!.why,
        ...steps.map((step) => step.title),
      ]);
    });

    it('hold the SHA-256 of each file of SQL', async () => {
      const { stdout } = await run('bash', [
        '-euc',
        `. "${folder}/plan.sh"; for step in "\${STEPS[@]}"; do step_files "$step"; done`,
      ]);
      const lines = stdout.trim().split('\n');
      assert.ok(lines.length > plan.phases.length);
      for (const line of lines) assert.match(line, /^[0-9a-f]{64} steps\/[\w.-]+\.sql$/);
    });
  });
}
