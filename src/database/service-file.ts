import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Files } from '../ports/files';
import type { ConnectionParameters } from './connection-parameters';

/** Services by name, from the user's file and then the system's; the first definition of a name counts. */
export async function readServices(
  environment: NodeJS.ProcessEnv,
  files: Files,
): Promise<Map<string, ConnectionParameters>> {
  const user = environment['PGSERVICEFILE'] ?? join(environment['HOME'] ?? homedir(), '.pg_service.conf');
  const system = environment['PGSYSCONFDIR'] ? join(environment['PGSYSCONFDIR'], 'pg_service.conf') : null;
  const services = new Map<string, ConnectionParameters>();
  for (const path of [user, system]) {
    const text = path === null ? null : await files.readIfExists(path);
    for (const [name, parameters] of parseServiceFile(text ?? '')) {
      if (!services.has(name)) services.set(name, parameters);
    }
  }
  return services;
}

/**
 * Reads pg_service.conf as libpq does: a value is all after the first `=`, so a password may hold `;`, `#` and
 * quotes, which readers of INI files take away. https://www.postgresql.org/docs/current/libpq-pgservice.html
 */
export function parseServiceFile(text: string): Map<string, ConnectionParameters> {
  const services = new Map<string, ConnectionParameters>();
  let current: ConnectionParameters | null = null;
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    const section = /^\[(.*)\]$/.exec(line)?.[1];
    const equals = line.indexOf('=');
    if (section !== undefined) {
      current = {};
      if (!services.has(section)) services.set(section, current);
    } else if (current && equals > 0 && !line.startsWith('#')) {
      current[line.slice(0, equals).trim()] ??= line.slice(equals + 1);
    }
  }
  return services;
}
