import type { HostProgram } from './provision-host.mjs';

export interface HostServerOptions {
  server: HostProgram;
  dataFolder: string;
  extensionsFolder?: string;
  /** Connection token; without it anybody on this machine may open the page. */
  token?: string;
  port?: number;
  trustEverything?: boolean;
  /** Lets the page load an extension and tests from the payload of its URL. */
  testDriver?: boolean;
  env?: Record<string, string>;
  /** Machine settings of the workbench. */
  settings?: Record<string, unknown>;
}

export interface HostServer {
  origin: string;
  port: number;
  pid: number;
  ended: Promise<unknown>;
  stop(): Promise<void>;
  /** What the server printed, the last 100 kB. */
  output(): string;
}

export function freePort(): Promise<number>;
export function startHostServer(options: HostServerOptions): Promise<HostServer>;
export function installExtension(options: {
  server: HostProgram;
  dataFolder: string;
  extensionsFolder: string;
  file: string;
}): Promise<void>;
export function hostPageUrl(options: {
  origin: string;
  workspace: string;
  token?: string;
  extensionFolder?: string;
  testModule?: string;
}): string;
