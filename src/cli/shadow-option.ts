import { parseConnectionUrl } from '../database/connection-url';
import type { ShadowChoice } from '../journey/shadow';
import { t } from '../messages/translate';
import { optionalText } from './option-values';
import type { OptionValues, VerbOption } from './verb';

/** Where a throw-away database comes from. */
export const shadowOption: VerbOption = {
  type: 'string',
  value: 'embedded|local|URL',
  help: t('the throw-away database: in this process, a server of our own, or an empty one by its URL'),
};

/** A `--shadow` on its own stands for the configured shadow database: what follows is then no value of it. */
export function loneShadow(words: readonly string[]): string[] {
  return words.map((word, index) => {
    const isAlone =
      word === '--shadow' && !/^(embedded|local|postgres(ql)?:.*)$/.test(words[index + 1] ?? '');
    return isAlone ? '--shadow=' : word;
  });
}

/** The choice of `--shadow`; null leaves it to the configuration. Throws `usage` for a URL that is none. */
export function readShadowChoice(values: OptionValues): ShadowChoice | null {
  const text = optionalText(values, 'shadow');
  if (text === null || text === '') return null;
  if (text === 'embedded' || text === 'local') return text;
  const parsed = parseConnectionUrl(text);
  return { connection: { ...parsed.connection, environment: 'development' }, password: parsed.password };
}
