import { t } from '../messages/translate';
import { reachOf } from '../safety/reach';
import type { ShadowKind } from '../shadow/shadow';
import { loadParser } from '../sql/parser';
import type { Statement } from '../sql/statement';

/** Texts without any of these words are not read for what they reach. */
const suspicious =
  /role|user|group|grant|owned|database|system|tablespace|subscription|copy|load|foreign|program|dblink|lo_|pg_/i;

/** Whether a statement must not run in a shadow database of that kind: it would touch more than what is thrown away. */
export function leavesShadow(statement: Statement, ground: ShadowKind): boolean {
  // The embedded database has no machine, and no server, around it.
  if (ground === 'embedded') return false;
  const reach = reachOf(statement);
  return reach === 'machine' || (reach === 'server' && ground === 'server');
}

/** Why a script is not run in a shadow database of that kind, as a sentence; null where nothing speaks against it. */
export async function beyondShadow(sql: string, ground: ShadowKind): Promise<string | null> {
  if (ground === 'embedded' || !suspicious.test(sql)) return null;
  const { statements } = (await loadParser()).parse(sql);
  const first = statements.find((statement) => leavesShadow(statement, ground));
  if (!first) return null;
  return ground === 'server'
    ? t(
        'Line {0} reaches beyond the shadow database: to roles, databases, settings or files of its server, or to another one. It was not run. Choose a local or the embedded shadow database.',
        first.start.line,
      )
    : t(
        'Line {0} reaches beyond the shadow database: to files or programs of this machine, or to another server. It was not run.',
        first.start.line,
      );
}
