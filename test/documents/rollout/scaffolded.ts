import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { noPlanAnswers } from '../../../src/assess/plan-answers';
import { scaffoldPlan } from '../../../src/implement/scaffold/scaffold-plan';
import { nodeFiles } from '../../../src/ports/node-files';
import {
  plainNames,
  sampleAssessment,
  samplePlan,
  type SampleNames,
} from '../../implement/scaffold/sample-plan';

/** A workspace folder with a scaffolded plan, made without a database. */
export interface Scaffolded {
  root: string;
  planId: string;
  planFolder: string;
  /** Writes the plan again under another title. */
  retitle(title: string): Promise<void>;
  read(name: string): Promise<string>;
  write(name: string, text: string): Promise<void>;
  remove(): Promise<void>;
}

const shipped = path.resolve(__dirname, '../../../templates');

/** Scaffolds the sample plan on the disk. */
export async function scaffolded(names: SampleNames = plainNames): Promise<Scaffolded> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-documents-'));
  const plan = samplePlan(names);
  const planFolder = path.join(root, 'plans', plan.id);
  const scaffold = async (title: string): Promise<void> => {
    await scaffoldPlan({
      plan: { ...plan, title },
      assessment: sampleAssessment(names),
      notes: [],
      answers: {
        ...noPlanAnswers,
        deadline: '2026-06-30',
        scope: { systems: names.view, users: null, downtime: null },
      },
      prerequisites: [],
      folder: planFolder,
      root,
      files: nodeFiles(),
      templates: { shipped, override: null },
      now: new Date('2026-03-04T05:06:07Z'),
      resolve: async () => 'replace',
    });
  };
  await mkdir(path.join(root, 'db', 'migrations'), { recursive: true });
  await writeFile(path.join(root, 'db', 'migrations', '000041_old.up.sql'), 'select 1;\n');
  await writeFile(path.join(root, 'db', 'migrations', '000041_old.down.sql'), 'select 1;\n');
  await scaffold(plan.title);
  return {
    root,
    planId: plan.id,
    planFolder,
    retitle: scaffold,
    read: (name) => readFile(path.join(planFolder, name), 'utf8'),
    write: async (name, text) => {
      await mkdir(path.dirname(path.join(planFolder, name)), { recursive: true });
      await writeFile(path.join(planFolder, name), text);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/**
 * A program `gh` in a folder of its own, and only it: it keeps its arguments and the body it was given, and answers with
 * an address that counts up. What stands in the file `answer` beside it is run in its place.
 */
export async function fakeGh(root: string): Promise<{ folder: string; calls(): Promise<string[][]> }> {
  const folder = path.join(root, 'fake-gh');
  await mkdir(folder);
  const log = path.join(folder, 'calls.jsonl');
  const program = `#!${process.execPath}
const fs = require('node:fs');
const words = process.argv.slice(2);
const body = fs.readFileSync(words[words.indexOf('--body-file') + 1], 'utf8');
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify([...words.slice(0, 4), body]) + '\\n');
const count = fs.readFileSync(${JSON.stringify(log)}, 'utf8').trim().split('\\n').length;
const answer = ${JSON.stringify(path.join(folder, 'answer'))};
if (fs.existsSync(answer)) eval(fs.readFileSync(answer, 'utf8'));
else console.log('https://github.com/shop/web/issues/' + (6 + count));
`;
  await writeFile(path.join(folder, 'gh'), program);
  await chmod(path.join(folder, 'gh'), 0o755);
  return {
    folder,
    calls: async () => {
      const text = await readFile(log, 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as string[]);
    },
  };
}

/** Runs `work` with another PATH, and gives the old one back. */
export async function withPath<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.PATH;
  process.env.PATH = folder;
  try {
    return await work();
  } finally {
    process.env.PATH = before;
  }
}
