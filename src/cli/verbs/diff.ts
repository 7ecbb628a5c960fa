import path from 'node:path';
import { describeChange } from '../../assess/change';
import type { SchemaSide } from '../../journey/schema-diff';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { changeWords } from '../change-options';
import { listOfText, optionalText } from '../option-values';
import { readShadowChoice, shadowOption } from '../shadow-option';
import { asksWords, diffText } from '../text/diff';
import type { Verb, VerbCall } from '../verb';

export const diffVerb: Verb = {
  name: 'diff',
  summary:
    'The changes that lead from one schema to another, each with its recipe, in an order that works. Exits 1 when there are any.',
  usage: '(FILE | --to-database-url URL) [--from FILE] [--rename OLD=NEW]... [--shadow embedded|local|URL]',
  options: {
    from: {
      type: 'string',
      value: 'FILE',
      help: t('SQL of the schema to start from; the connected database unless said'),
    },
    'to-database-url': { type: 'string', value: 'URL', help: t('the database to reach, instead of a file') },
    rename: {
      type: 'string',
      multiple: true,
      value: 'OLD=NEW',
      help: t('that NEW is OLD by another name, and not something else; asked about otherwise'),
    },
    shadow: shadowOption,
  },
  async run(call) {
    const { context, values } = call;
    const { diffSchemas } = await import('../../journey/schema-diff');
    const from = optionalText(values, 'from');
    const to = await targetSide(call);
    const diff = await diffSchemas(
      context,
      from === null ? { kind: 'database', database: await call.database() } : fileSide(call, from),
      to,
      { renames: listOfText(values, 'rename'), shadow: readShadowChoice(values) },
    );
    const changes = diff.changes.map((each) => ({
      ...each,
      recipe: each.change.kind,
      sentence: describeChange(each.change),
      plan: [...changeWords(each.change), ...asksWords(each.asks ?? [])],
    }));
    const differs = changes.length + diff.differences.length > 0;
    return { exitCode: differs ? 1 : 0, json: { ...diff, changes }, text: diffText(diff) };
  },
};

/** Throws `usage` where no schema is named, or two. */
async function targetSide(call: VerbCall): Promise<SchemaSide> {
  const [file, ...others] = call.positionals;
  const url = optionalText(call.values, 'to-database-url');
  if (others.length > 0 || (file === undefined) === (url === null))
    throw new SwitchbackError(
      'usage',
      t('Name the schema to reach: one file of SQL, or a database by --to-database-url.'),
    );
  if (file !== undefined) return fileSide(call, file);
  return { kind: 'database', database: await call.databaseAt(url!) };
}

function fileSide({ context }: VerbCall, file: string): SchemaSide {
  return { kind: 'file', path: path.resolve(context.workspace.root, file), label: file };
}
