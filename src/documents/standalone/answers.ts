import type { MigrationTypeId } from '../migration-types';
import type { StrategyKind } from '../strategy-text';

/**
 * What is asked for a plan document without a plan. Text answers may be null where nobody knows; the document then
 * says so in words. Only `title` has to be there.
 */
export interface PlanAnswers {
  title: string;
  /** Why it is done, in a sentence or two. */
  why: string | null;
  changeType: MigrationTypeId;
  /** How it is today, and how it will be. */
  current: string | null;
  target: string | null;
  /** The systems affected, as people call them. */
  systems: string | null;
  /** Who notices, and how many. */
  users: string | null;
  /** In words; null takes the size of the connected database. */
  dataVolume: string | null;
  /** In words: `none`, `10 minutes at night`. */
  downtime: string | null;
  /** null: proposed from the type of change and the downtime. */
  strategy: StrategyKind | null;
  /** ISO day, UTC: `2026-03-04`. */
  startDate: string;
  /** Who approves; at least one. The workspace's `approvalRoles` are the default. */
  roles: string[];
}

/** What is asked for a rollback runbook without a plan. Only `title` has to be there. */
export interface RunbookAnswers {
  title: string;
  changeType: MigrationTypeId;
  /** The environment it is for, as scripts name it: `production`. */
  environment: string;
  /** What users see degrade: `the shop`. */
  service: string | null;
  /** The feature flag that switches the change off; null where there is none. */
  flag: string | null;
  /** The command or pipeline that releases the previous version. */
  releaseCommand: string | null;
  /** Where the backup lies and how it is restored. */
  backup: string | null;
  /** The address or name of the dashboard to look at. */
  dashboard: string | null;
  /** Who decides, and how to reach them. */
  decider: string | null;
  /** The milestone after which going back loses data; null takes what is usual for the type of change. */
  noReturn: string | null;
}

/** What is asked for a checklist without a plan. Only `title` has to be there. */
export interface ChecklistAnswers {
  title: string;
  changeType: MigrationTypeId;
  /** Whether rows are rewritten in batches. */
  backfill: boolean;
  /** Whether the change is switched on by a feature flag. */
  flag: boolean;
  /** Days between the switch and the removal of the old shape; 0 where nothing old is left. */
  deprecationDays: number;
  /** Who approves; at least one. */
  roles: string[];
}

/** What a connected database tells, so that nobody is asked. */
export interface KnownDatabase {
  /** `shop on localhost:5432`. */
  label: string;
  name: string;
  environment: string;
  /** `18.1`. */
  version: string;
  bytes: number;
  /** The largest tables with their rows as the server estimates them, largest first; at most five. */
  largestTables: { name: string; rows: number | null; bytes: number }[];
}
