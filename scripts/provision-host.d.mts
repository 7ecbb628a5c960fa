export interface HostProgram {
  /** Node's program that runs the server. */
  node: string;
  serverMain: string;
  folder: string;
  version: string;
}

export interface BrowserProgram {
  executable: string;
  /** Further environment variables it needs. */
  env: Record<string, string>;
}

export const cacheFolder: string;
export function provisionServer(log?: (line: string) => void): Promise<HostProgram>;
export function provisionBrowser(log?: (line: string) => void): Promise<BrowserProgram>;
export function findDesktop(log?: (line: string) => void): Promise<string | null>;
