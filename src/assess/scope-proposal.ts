import type { ScopeAnswers } from '../documents/scope-answers';
import { t } from '../messages/translate';
import type { Assessment, SeenClient } from './assessment';
import { concernedReferences } from './code-references';

/** What the scope is without anybody having said it. */
export type ScopeProposal = { [Field in keyof ScopeAnswers]: string };

/** What a plan says of standing still. */
export interface Standstill {
  /** The application is stopped from the first step to the release. */
  stops: boolean;
  /** The longest a lock should be held, ms; null where it cannot be known. */
  longestHoldMilliseconds: number | null;
}

/**
 * Systems, users and downtime as far as they can be found: sessions seen on the database, folders of the code that
 * concern the change, locks the plan takes. `standstill` is null before there is a plan.
 */
export function proposeScope(assessment: Assessment, standstill: Standstill | null): ScopeProposal {
  const clients = clientNames(assessment.server.clients);
  const folders = codeFolders(assessment);
  return {
    systems: systemsOf(assessment, clients, folders),
    users: usersOf(clients, standstill),
    downtime: downtimeOf(standstill),
  };
}

function systemsOf({ database }: Assessment, clients: string, folders: string): string {
  if (clients !== '' && folders !== '')
    return t('{0} (connected to {1} when it was assessed); code in {2}', clients, database.name, folders);
  if (clients !== '') return t('{0} (connected to {1} when it was assessed)', clients, database.name);
  if (folders !== '') return t('the application with its code in {0}', folders);
  return t('only the database {0}: nobody else was connected and no code mentions it', database.name);
}

function usersOf(clients: string, standstill: Standstill | null): string {
  const who = clients === '' ? t('the users of the application') : t('the users of {0}', clients);
  if (standstill?.stops) return t('{0}; they have to wait during the release', who);
  return t('{0}; old and new code run side by side, so they should notice nothing', who);
}

function downtimeOf(standstill: Standstill | null): string {
  if (standstill === null) return t('not known before there is a plan');
  if (standstill.stops) return t('from the first step until the new release runs everywhere');
  const hold = standstill.longestHoldMilliseconds;
  return hold === null
    ? t('none; each step holds its locks for a moment only')
    : t('none; no step should hold a lock for longer than {0} ms', Math.max(1, Math.ceil(hold)));
}

/** `shop-web, role app`: an application by its name, one without a name by its role. */
function clientNames(clients: readonly SeenClient[]): string {
  const names = clients.map(({ application, user }) => application ?? t('the role {0}', user));
  return shortList([...new Set(names)]);
}

/** The folders at the top of the workspace, or files that lie there. */
function codeFolders({ codeReferences, change }: Assessment): string {
  const names = concernedReferences(codeReferences, change).map(({ path }) => path.split('/')[0]!);
  return shortList([...new Set(names)].sort());
}

const mostNames = 6;

function shortList(names: readonly string[]): string {
  const rest = names.length - mostNames;
  return rest > 0 ? t('{0} and {1} more', names.slice(0, mostNames).join(', '), rest) : names.join(', ');
}
