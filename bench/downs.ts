/**
 * Generated ways back over real migrations: how many lead back to the schema before.
 * Usage: npx tsx bench/downs.ts [CORPUS...] [--shadow embedded|local]
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openShadow } from '../src/shadow/open-shadow';
import { printedFigures } from './figures';
import { generateCorpusDowns, restores, type CorpusDown } from './generated-downs';

const root = path.resolve(__dirname, '..');
const corpora = path.resolve(root, '..', 'shared', 'corpora');
const all = ['authelia', 'coder', 'mas', 'mattermost', 'svix', 'uaa', 'umami'];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { shadow: { type: 'string', default: 'local' } },
  });
  const figures = printedFigures((line) => console.log(line));
  const found: CorpusDown[] = [];
  for (const corpus of positionals.length > 0 ? positionals : all) {
    const shadow = await openShadow(values.shadow === 'embedded' ? 'embedded' : 'local', {
      assets: { distFolder: path.join(root, 'dist') },
      binaries: { packageFolders: [root] },
    });
    try {
      const started = performance.now();
      const downs = await generateCorpusDowns(shadow, corpora, corpus);
      found.push(...downs);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      figures.add({
        what: corpus,
        measured: `${downs.filter(restores).length} of ${downs.length}, ${seconds} s`,
        bar: '',
        held: null,
        details: downs.filter((each) => !restores(each)).map(detail),
      });
    } finally {
      await shadow.dispose();
    }
  }
  const share = (100 * found.filter(restores).length) / found.length;
  const silent = found.filter((each) => !restores(each) && each.down?.proven);
  figures.add({
    what: 'exact or order-only',
    measured: `${share.toFixed(1)} %`,
    bar: 'at least 93 %',
    held: share >= 93,
  });
  figures.add({
    what: 'others without a warning',
    measured: `${silent.length}`,
    bar: '0',
    held: silent.length === 0,
  });
  process.exitCode = figures.missed().length === 0 ? 0 : 1;
}

function detail({ version, down }: CorpusDown): string {
  return `${version}: ${down ? `${down.rehearsal.verdict} ${down.rehearsal.error ?? ''} ${down.notes.join(' ')}` : 'the up fails'}`;
}

void main();
