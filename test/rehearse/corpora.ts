import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import type { Layout } from '../../src/layouts/layout';
import { plainPair } from '../../src/layouts/plain-pair';
import { sqlx } from '../../src/layouts/sqlx';
import { nodeFiles } from '../../src/ports/node-files';
import { silentProgress } from '../../src/ports/progress';
import { rehearse } from '../../src/rehearse/rehearse';
import type { MigrationRehearsal } from '../../src/rehearse/rehearsal';
import type { Shadow } from '../../src/shadow/shadow';
import { root } from './pairs';

/** The histories whose downs were measured with pg_dump, with their layouts. */
export const measuredCorpora: Record<string, Layout> = {
  authelia: plainPair,
  coder: golangMigrate,
  mattermost: golangMigrate,
  svix: sqlx,
};

interface Measured {
  version: string;
  class: string;
}

/** A history rehearsed, beside what pg_dump said of it. null where the history is not there. */
export async function rehearseCorpus(
  shadow: Shadow,
  name: string,
  options: { rows: boolean },
): Promise<{ migrations: MigrationRehearsal[]; measured: number; disagreements: string[] } | null> {
  const layout = measuredCorpora[name]!;
  const folder = path.resolve(root, '../shared/corpora', name);
  if (!existsSync(folder)) return null;
  const text = await readFile(`${folder}.roundtrip.json`, 'utf8');
  const measured = (JSON.parse(text) as { migrations: Measured[] }).migrations;
  const files = nodeFiles();
  const { migrations } = await rehearse({
    shadow,
    layout,
    migrations: await layout.list(folder, files),
    from: null,
    to: null,
    files,
    rows: options.rows,
    progress: silentProgress(),
    signal: new AbortController().signal,
  });
  const disagreements = migrations.flatMap(({ version, name: words, verdict }) => {
    const expected = measured.find((item) => number(item.version) === number(version))?.class ?? 'nothing';
    return agrees(expected, verdict) ? [] : [`${version} ${words}: ${expected}, ${verdict}`];
  });
  return { migrations, measured: measured.length, disagreements };
}

/** `V0001`, `000001` and `1` are one version. */
function number(version: string): bigint {
  return BigInt(version.replace(/^\D+/, ''));
}

function agrees(measured: string, verdict: string): boolean {
  const expected: Record<string, string[]> = {
    restores: ['exact'],
    'restores-except-column-order': ['order-only'],
    'not-restored:lossy': ['differs'],
    'not-restored:empty-down': ['empty-down', 'differs'],
    'not-restored:text-only': ['text-only'],
    'down-error:execution': ['down-fails'],
  };
  return expected[measured]?.includes(verdict) ?? false;
}
