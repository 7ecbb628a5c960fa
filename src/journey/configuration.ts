import path from 'node:path';
import * as v from 'valibot';
import { defaultApprovalRoles } from '../documents/approvals';
import { defaultThresholds, type Thresholds } from '../documents/thresholds';
import { layoutIds } from '../layouts/layout';
import { SwitchbackError, errorText } from '../messages/error';
import { t } from '../messages/translate';
import { settingNamed } from '../layouts/history-table';
import { maskingWords, type MaskingRule } from '../rehearse/copy/masking-rule';
import { partsOf } from '../rehearse/copy/column-name';
import type { Files } from '../ports/files';
import type { Severity } from '../safety/finding';

export type RuleLevels = Record<string, Severity | 'off'>;

/** Settings of one workspace. Order: flag, VS Code setting, `.switchback/config.json`, default. */
export interface Configuration {
  /** Folders with migrations, relative to the workspace; empty means detect them. */
  migrations: string[];
  /** Where plan folders go, relative to the workspace. */
  plansFolder: string;
  /** Which shadow database rehearsals use. */
  shadow: 'auto' | 'embedded' | 'local';
  /** Target major version of static forecasts. */
  serverMajor: number;
  /** Severity per rule, or `off`. A rule has the level of the first that names it: VS Code setting, file. */
  rules: RuleLevels;
  /** The same for files below a folder, which is named relative to the workspace with `/`; the deepest one wins. */
  directories: Record<string, { rules: RuleLevels }>;
  /** The history table of a folder, as SQL names it; wins over what the tool's own settings say. Folders as in `directories`. */
  historyTables: Record<string, string>;
  /**
   * Commands of migration tools, by layout and action, that are called instead of the tool's own, in the workspace folder;
   * run only in trusted workspaces. `{name}`, `{version}` and `{file}` are filled in.
   */
  toolCommands: Record<string, ToolCommands>;
  /** A command that prints the free bytes of the database's disk; run only in trusted workspaces. */
  diskFreeCommand: string | null;
  /** Who approves plans; documents and pickers list them in this order. */
  approvalRoles: string[];
  /** Whoever wrote a plan cannot be the only one who approves it. */
  approvalByAnother: boolean;
  /** What becomes of a column's values where rows are copied into a shadow database, by `schema.table.column`. */
  masking: Record<string, MaskingRule>;
  /** When a rollout holds and when it goes back; what the file leaves out has its default. */
  thresholds: Thresholds;
}

export type ToolCommands = Partial<Record<'up' | 'down' | 'emit' | 'generate', string[]>>;

export const defaultConfiguration: Configuration = {
  migrations: [],
  plansFolder: 'plans',
  shadow: 'auto',
  serverMajor: 18,
  rules: {},
  directories: {},
  historyTables: {},
  toolCommands: {},
  diskFreeCommand: null,
  approvalRoles: [...defaultApprovalRoles],
  approvalByAnother: false,
  masking: {},
  thresholds: defaultThresholds,
};

/** Relative to the workspace folder. */
export const configurationFile = '.switchback/config.json';

const insideWorkspace = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check(
    (value) => !path.isAbsolute(value) && !value.split(/[\\/]/).includes('..'),
    'must stay inside the workspace',
  ),
);

const limit = v.pipe(v.number(), v.finite(), v.minValue(0));

/** Numbers on their way up: what holds a rollout cannot be above what ends it. */
const threshold = v.pipe(
  v.strictObject({ hold: limit, goBack: limit }),
  v.check(({ hold, goBack }) => hold <= goBack, '"hold" must not be above "goBack"'),
);

const thresholdsSchema = v.partial(
  v.strictObject({
    errorRatePercent: threshold,
    latencyIncreasePercent: threshold,
    differingRows: threshold,
    complaints: threshold,
    replicaLagSeconds: threshold,
  }),
);

const tableName = v.pipe(
  v.string(),
  v.check((value) => settingNamed(value) !== null, 'must be the name of a table, as schema.table'),
);

const ruleLevels = v.record(v.string(), v.picklist(['error', 'warning', 'info', 'off']));

const columnName = v.pipe(
  v.string(),
  v.check((value) => partsOf(value) !== null, 'must be the name of a column, as schema.table.column'),
);

const maskingRule = v.union(
  [
    v.picklist(maskingWords),
    v.strictObject({ constant: v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean()]) }),
    v.strictObject({ expression: v.pipe(v.string(), v.trim(), v.nonEmpty('must not be empty')) }),
  ],
  `must be one of ${maskingWords.join(', ')}, {"constant": value} or {"expression": "SQL"}`,
);

const words = v.pipe(v.array(v.string()), v.minLength(1));

const configurationSchema = v.partial(
  v.object({
    $schema: v.string(),
    migrations: v.array(insideWorkspace),
    plansFolder: insideWorkspace,
    shadow: v.picklist(['auto', 'embedded', 'local']),
    serverMajor: v.pipe(v.number(), v.integer(), v.minValue(12)),
    rules: ruleLevels,
    directories: v.record(insideWorkspace, v.strictObject({ rules: ruleLevels })),
    historyTables: v.pipe(
      v.record(insideWorkspace, tableName),
      v.transform((tables) =>
        Object.fromEntries(Object.entries(tables).map(([folder, table]) => [normalFolder(folder), table])),
      ),
    ),
    toolCommands: v.record(
      v.picklist(layoutIds),
      v.partial(v.strictObject({ up: words, down: words, emit: words, generate: words })),
    ),
    diskFreeCommand: v.nullable(v.string()),
    approvalRoles: v.pipe(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty())), v.minLength(1)),
    approvalByAnother: v.boolean(),
    masking: v.record(columnName, maskingRule),
    thresholds: v.pipe(
      thresholdsSchema,
      v.transform((written): Thresholds => ({ ...defaultThresholds, ...defined(written) })),
    ),
  }),
);

/** `./db/migrations/` and `db/migrations` are one folder. */
function normalFolder(folder: string): string {
  return path.posix.normalize(`${folder}/`).slice(0, -1) || '.';
}

/**
 * The workspace's configuration. In an untrusted workspace only levels of rules are read from the file.
 * `overrides` are the face's own settings and win, rule by rule also over those of a directory. Throws `invalid-file` naming the mistake.
 */
export async function readConfiguration(
  root: string,
  files: Files,
  trusted: boolean,
  overrides: Partial<Configuration> = {},
): Promise<Configuration> {
  const text = await files.readIfExists(path.join(root, configurationFile));
  const written = text === null ? {} : parseConfiguration(text);
  const { rules, directories } = written;
  const allowed: Partial<Configuration> = trusted ? written : { rules, directories };
  return {
    ...defaultConfiguration,
    ...defined(allowed),
    ...defined(overrides),
    rules: { ...rules, ...overrides.rules },
    directories: withLevels(directories ?? {}, overrides.rules ?? {}),
  };
}

function withLevels(
  directories: Configuration['directories'],
  levels: RuleLevels,
): Configuration['directories'] {
  return Object.fromEntries(
    Object.entries(directories).map(([folder, { rules }]) => [folder, { rules: { ...rules, ...levels } }]),
  );
}

function parseConfiguration(text: string): Partial<Configuration> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SwitchbackError(
      'invalid-file',
      t(
        '{0} is not JSON: {1}. Correct it, or remove it to use the defaults.',
        configurationFile,
        errorText(cause),
      ),
      { cause },
    );
  }
  const result = v.safeParse(configurationSchema, value);
  if (result.success) {
    const { $schema: _schema, ...configuration } = result.output;
    return configuration;
  }
  const issue = result.issues[0];
  throw new SwitchbackError(
    'invalid-file',
    t(
      '{0}: {1} is wrong: {2}. Correct it.',
      configurationFile,
      v.getDotPath(issue) ?? 'the file',
      issue.message,
    ),
  );
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
