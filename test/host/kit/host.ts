import path from 'node:path';
import type { BrowserProgram, HostProgram } from '../../../scripts/provision-host.mjs';
import type { HostServer } from '../../../scripts/host-server.mjs';
import { openHostPage, type HostPage } from './browser';
import { repository, temporaryFolder } from './folders';

export interface HostOptions {
  /** Absolute path of the folder that the window opens. */
  workspace: string;
  /** Environment of the server, which the extension host inherits: PGHOST and friends. */
  env?: Record<string, string>;
  /** Settings of the window. */
  settings?: Record<string, unknown>;
  /** Path below the repository of a bundled module with `run()`; absent for the installed product. */
  testModule?: string;
  /** A folder with installed extensions, used instead of the extension's own folder. */
  extensionsFolder?: string;
  /** Workspace trust as a user has it: restricted until granted. */
  restricted?: boolean;
  log?: (line: string) => void;
}

/** A VS Code that runs: its server, the page in the browser, and how to end both. */
export interface Host extends HostPage {
  server: HostServer;
  stop(): Promise<void>;
}

export interface HostPrograms {
  server: HostProgram;
  browser: BrowserProgram;
}

/** The VS Code server and the browser, installed when missing. */
export async function hostPrograms(log: (line: string) => void = console.log): Promise<HostPrograms> {
  const { provisionServer, provisionBrowser } = await import('../../../scripts/provision-host.mjs');
  return { server: await provisionServer(log), browser: await provisionBrowser(log) };
}

/** Settings that keep a test window quiet and the same on every machine. */
export const quietSettings: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'editor.minimap.enabled': false,
  'remote.autoForwardPorts': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.startupPrompt': 'never',
};

/** Starts the server and opens the workspace in the browser. */
export async function startHost(programs: HostPrograms, options: HostOptions): Promise<Host> {
  const { startHostServer, hostPageUrl } = await import('../../../scripts/host-server.mjs');
  const data = await temporaryFolder('host');
  try {
    const server = await startHostServer({
      server: programs.server,
      dataFolder: data.folder,
      extensionsFolder: options.extensionsFolder ?? path.join(data.folder, 'extensions'),
      testDriver: options.testModule !== undefined,
      trustEverything: !options.restricted,
      env: options.env,
      settings: { ...quietSettings, ...options.settings },
    });
    const url = hostPageUrl({
      origin: server.origin,
      workspace: options.workspace,
      extensionFolder: options.extensionsFolder ? undefined : repository,
      testModule: options.testModule && path.join(repository, options.testModule),
    });
    try {
      const page = await openHostPage(programs.browser, url, options.log);
      const stop = async (): Promise<void> => {
        await page.close();
        await server.stop();
        await data.remove();
      };
      return { ...page, server, stop };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    await data.remove();
    throw error;
  }
}
