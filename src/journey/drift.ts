import { compareCatalogs, gravestKind, type Difference } from '../catalog/compare';
import { isSpelling } from '../catalog/spelling';
import { t } from '../messages/translate';
import { defaultWatchdogMilliseconds } from '../rehearse/rehearse';
import { ShadowRun } from '../rehearse/shadow-run';
import type { Shadow } from '../shadow/shadow';
import { appliedHistory, objectsOfTable, readSchema } from './applied-history';
import type { Database } from './database';
import { layoutOf } from './migrations';
import { replay } from './replay';
import { openWorkspaceShadow, type ShadowChoice } from './shadow';
import type { JourneyContext } from './workspace';

/** What a database's schema is, against what its history says of it. */
export interface Drift {
  /** Absolute path. */
  folder: string;
  label: string;
  tool: string;
  historyTable: string;
  /** Migrations that were replayed. */
  replayed: number;
  database: { label: string; major: number };
  shadow: { kind: Shadow['kind']; engine: Shadow['engine']; version: string };
  /** `before`: by the history; `after`: in the database. */
  differences: Difference[];
  /** What this cannot show, and what was left out, in sentences. */
  notes: string[];
}

export interface DriftChoices {
  /** Absolute path, or as the workspace calls it; the only one unless said. */
  folder?: string | null;
  shadow?: ShadowChoice | null;
}

/**
 * Replays what is applied in a shadow database and compares its schema with the connected one, which is only read. Owners and
 * privileges are left out: the two have other roles. Throws `verification-failed` where the history cannot be replayed.
 */
export async function findDrift(
  context: JourneyContext,
  database: Database,
  choices: DriftChoices = {},
): Promise<Drift> {
  const { connection, session } = database;
  const history = await appliedHistory(context, session, choices.folder ?? null);
  const { folder, table, migrations } = history;
  context.progress.report({ message: t('Reading the schema of {0}', database.sessions.label) });
  const present = await readSchema(session, context.signal);
  const target = { connection, major: session.facts.major, session };
  const shadow = await openWorkspaceShadow(context, choices.shadow ?? null, target);
  try {
    const { prepare, before } = await replay(context, layoutOf(folder), migrations, shadow);
    const run = new ShadowRun(shadow, prepare, {
      watchdogMilliseconds: defaultWatchdogMilliseconds,
      signal: context.signal,
    });
    try {
      await run.start(before, (script, index) =>
        context.progress.report({ message: t('Replaying {0}', script.label), share: index / before.length }),
      );
      const { catalog } = await run.snapshot();
      const found = compareCatalogs(catalog, present, {
        withoutRoles: true,
        ignoredObjects: [...run.ownObjects, ...objectsOfTable(present, table)],
      });
      const { differences, notes } = told(found, catalog.major, present.major);
      return {
        folder: folder.folder,
        label: folder.label,
        tool: folder.title,
        historyTable: table,
        replayed: before.length,
        database: { label: database.sessions.label, major: present.major },
        shadow: { kind: shadow.kind, engine: shadow.engine, version: shadow.version },
        differences,
        notes: [...history.notes, ...notes],
      };
    } finally {
      await run.close();
    }
  } finally {
    await shadow.dispose();
  }
}

/** Whether more differs than the order of columns or the layout of a routine's text. */
export function hasDrift({ differences }: Pick<Drift, 'differences'>): boolean {
  return gravestKind(differences) === 'structure';
}

/** Without what hangs on the server: versions of extensions, and the spelling of definitions where the majors differ. */
function told(
  found: readonly Difference[],
  replayed: number,
  present: number,
): { differences: Difference[]; notes: string[] } {
  const isVersion = ({ object, property }: Difference): boolean =>
    object.startsWith('extension ') && property === 'version';
  const versions = found.filter(isVersion);
  const spelled = replayed === present ? [] : found.filter(isSpelling);
  const notes: string[] = [];
  if (versions.length > 0)
    notes.push(
      t(
        'Another version than the shadow has, which is no drift: {0}.',
        versions.map(({ object, before, after }) => `${object} ${after ?? ''} (${before ?? ''})`).join(', '),
      ),
    );
  if (replayed !== present)
    notes.push(
      t(
        'The database is PostgreSQL {0}, the shadow PostgreSQL {1}: they spell some definitions differently. {2} that differ in parentheses, blanks and qualification alone are left out; others may still be the same. A shadow of the same version tells exactly.',
        present,
        replayed,
        spelled.length,
      ),
    );
  const left = new Set([...versions, ...spelled]);
  return { differences: found.filter((difference) => !left.has(difference)), notes };
}
