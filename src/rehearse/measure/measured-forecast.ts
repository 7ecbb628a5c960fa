import type { Forecast } from '../../safety/forecast';
import type { ShadowKind } from '../../shadow/shadow';

/** Where the forecast and the server say different things of one statement: a bug of the forecast. */
export interface Disagreement {
  what: 'lock' | 'work' | 'transactional';
  /** `schema.name`; null where it is about the statement as a whole. */
  relation: string | null;
  /** A lock mode or a kind of work; `none` where there is none. For `transactional`: `yes` or `no`. */
  predicted: string;
  measured: string;
}

/** One statement, as forecast and as a shadow database measured it. */
export interface MeasuredStatement {
  /** Forecast from the catalog of the shadow database, just before the statement ran. */
  predicted: Forecast;
  /** Depth `measured`; null where it was not or could not be measured: `error` or `notes` say why. */
  measured: Forecast | null;
  disagreements: Disagreement[];
  /** How long it ran, on at most 2,000 rows a table; null where it did not run. */
  milliseconds: number | null;
  /** Why it failed in the shadow database, in words; null when it ran. */
  error: string | null;
  notes: string[];
}

/** The database it was measured in. */
export interface MeasuredIn {
  kind: ShadowKind;
  engine: 'pglite' | 'postgres';
  version: string;
  major: number;
}

/** A script of one direction, each statement measured. */
export interface MeasuredScript {
  statements: MeasuredStatement[];
  shadow: MeasuredIn;
  /** What holds for the whole script: tables that could not be filled, for example. */
  notes: string[];
}

/** A file with its scripts measured, positions being those of the file. */
export interface MeasuredFile extends MeasuredScript {
  /** Absolute path. */
  path: string;
  /** Why nothing of it could be measured, as a sentence: a migration before it fails there, for example. */
  problem: string | null;
}

/** A measured forecast with what was predicted beside it. */
export interface ForecastBeside extends Forecast {
  predicted: Forecast;
  disagreements: Disagreement[];
  /** How long it ran in the shadow database. */
  milliseconds: number | null;
}

/** Whether a forecast carries what was predicted. */
export function isBeside(forecast: Forecast): forecast is ForecastBeside {
  return 'predicted' in forecast && 'disagreements' in forecast;
}
