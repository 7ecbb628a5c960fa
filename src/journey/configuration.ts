import type { ShadowKind } from '../shadow/shadow';
import type { Severity } from '../safety/finding';

/** Settings of one workspace. Order: flag, VS Code setting, `.switchback/config.json`, default. */
export interface Configuration {
  /** Folders with migrations, relative to the workspace; empty means detect them. */
  migrations: string[];
  /** Where plan folders go, relative to the workspace. */
  plansFolder: string;
  /** Which shadow database rehearsals use. */
  shadow: Exclude<ShadowKind, 'server'>;
  /** Target major version of static forecasts. */
  serverMajor: number;
  /** Severity per rule, or `off`. */
  rules: Record<string, Severity | 'off'>;
  /** A command that prints the free bytes of the database's disk; run only in trusted workspaces. */
  diskFreeCommand: string | null;
}

export const defaultConfiguration: Configuration = {
  migrations: [],
  plansFolder: 'plans',
  shadow: 'local',
  serverMajor: 18,
  rules: {},
  diskFreeCommand: null,
};
