import { t } from '../messages/translate';
import type { Verb } from './verb';

/** What `switchback --help` prints. */
export function generalHelp(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  const list = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`).join('\n');
  return `${t('switchback: PostgreSQL schema changes without downtime, with a proven way back.')}

${t('Usage')}: switchback VERB [WORDS] [OPTIONS]

${list}

${commonOptions()}
${t('Exit codes: 0 fine, 1 the answer is no, 2 wrong usage, 3 database unreachable.')}
`;
}

/** What `switchback VERB --help` prints. */
export function verbHelp(verb: Verb): string {
  const options = Object.entries(verb.options).map(([name, option]) => {
    const flag = `  --${name}${option.type === 'string' ? ' VALUE' : ''}`;
    const help = verb.optionHelp?.[name];
    return help === undefined ? flag : `${flag.padEnd(25)}  ${help}`;
  });
  return `switchback ${verb.name} ${verb.usage}

${verb.summary}

${options.join('\n')}${options.length > 0 ? '\n\n' : ''}${commonOptions()}`;
}

function commonOptions(): string {
  return `${t('Options of every verb')}:
  --database-url URL       ${t('the database; env:NAME reads the URL from a variable')}
  --environment NAME       ${t('development (default), staging or production')}
  --confirm-database NAME  ${t('needed for production: the name of the database')}
  --format text|json       ${t('how the answer is printed; JSON is all that goes to standard output')}
  --workspace FOLDER       ${t('the folder with the migrations; the current one by default')}
  --yes QUESTION           ${t('agrees to a question by its name, for example consent-schema')}
  --quiet                  ${t('no progress on standard error')}
`;
}
