import { parseConnectionUrl } from '../database/connection-url';
import type { ShadowChoice } from '../journey/shadow';
import { optionalText } from './option-values';
import type { OptionValues } from './verb';

/** The choice of `--shadow`; null leaves it to the configuration. Throws `usage` for a URL that is none. */
export function readShadowChoice(values: OptionValues): ShadowChoice | null {
  const text = optionalText(values, 'shadow');
  if (text === null || text === 'embedded' || text === 'local') return text;
  const parsed = parseConnectionUrl(text);
  return { connection: { ...parsed.connection, environment: 'development' }, password: parsed.password };
}
