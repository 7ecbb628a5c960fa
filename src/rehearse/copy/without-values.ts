import type { Session } from '../../database/session';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Shadow } from '../../shadow/shadow';

/**
 * An error of a database that has rows of somebody's, without what it quotes of them: the server's detail and context are left
 * out, and so is quoted text where it may be a value. What is no error of a statement stays as it is.
 */
export function withoutValues(error: unknown): unknown {
  if (!isSwitchbackError(error)) return error;
  const { sqlstate, message } = error.details;
  if (typeof sqlstate !== 'string' || typeof message !== 'string') return error;
  const said = saidOf(sqlstate, message, error.details.where);
  const hint = safeHint(sqlstate, error.details.hint);
  const told = error.sentence.replaceAll(message, () => said);
  const sentence = hint === null ? told.replaceAll(String(error.details.hint ?? '\0'), '').trimEnd() : told;
  return new SwitchbackError(error.code, sentence, {
    details: { ...error.details, message: said, detail: null, where: null, hint },
  });
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: what is wrong with values, and what code of the user's says. */
function saidOf(sqlstate: string, message: string, where: unknown): string {
  if (/^(?:P0|38|39)/.test(sqlstate))
    return t('code of its own raised an error, whose text may hold values and is left out');
  // SQL that code puts together from values has them where names stand.
  const isPutTogether = typeof where === 'string' && /\bEXECUTE\b/.test(where);
  if (!isPutTogether && !/^(?:22|21|2F|XX|54)/.test(sqlstate)) return message;
  return withoutQuoted(withoutQuoted(message, '"'), "'").replace(/\d{3,}/g, '…');
}

/** From the first sign to the last: the server quotes a value as it is, with the signs in it. */
function withoutQuoted(message: string, sign: string): string {
  const first = message.indexOf(sign);
  if (first < 0) return message;
  const last = message.lastIndexOf(sign);
  return `${message.slice(0, first)}${sign}…${sign}${last > first ? message.slice(last + 1) : ''}`;
}

function safeHint(sqlstate: string, hint: string | number | null | undefined): string | number | null {
  return /^(?:42|0A)/.test(sqlstate) ? (hint ?? null) : null;
}

/** A shadow database with rows of somebody's: no error of it tells of them, and no state of it is kept. */
export function discreetShadow(shadow: Shadow): Shadow {
  return {
    kind: shadow.kind,
    engine: shadow.engine,
    get version() {
      return shadow.version;
    },
    label: shadow.label,
    kept: null,
    reach: () => shadow.reach(),
    open: async (options) => discreetSession(await shadow.open(options)),
    reset: async (signal) => discreetSession(await shadow.reset(signal)),
    dispose: () => shadow.dispose(),
  };
}

function discreetSession(session: Session): Session {
  const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw withoutValues(error);
    }
  };
  return {
    facts: session.facts,
    lost: session.lost,
    get inTransaction() {
      return session.inTransaction;
    },
    query: (sql, parameters, options) => quietly(() => session.query(sql, parameters, options)),
    script: (sql, options) => quietly(() => session.script(sql, options)),
    transaction: (work, options) => quietly(() => session.transaction(work, options)),
    cancel: () => session.cancel(),
    close: () => session.close(),
  };
}
