import os from 'node:os';
import path from 'node:path';
import type { Files } from '../ports/files';
import type { Person } from './planned-change';

const fileName = 'sqitch.conf';
const sectionLine = /^\s*\[\s*([^\s"\]]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]\s*/;
const valueLine = /^\s*([A-Za-z][\w-]*)\s*(?:=(.*))?$/s;

/** Settings by their full names, as `engine.pg.registry`; a later one of a name counts. */
export type SqitchConfiguration = ReadonlyMap<string, string>;

/** A configuration file of Sqitch, which has the form of git's: https://sqitch.org/docs/manual/sqitch-config/ */
export function readConfiguration(text: string): SqitchConfiguration {
  const settings = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const head = sectionLine.exec(line);
    const rest = head ? line.slice(head[0].length) : line;
    if (head) {
      const part = head[2] === undefined ? '' : `${head[2].replace(/\\(.)/g, '$1')}.`;
      section = `${head[1]!.toLowerCase()}.${part}`;
    }
    const setting = valueLine.exec(withoutComment(rest));
    if (setting) settings.set(section + setting[1]!.toLowerCase(), unquoted(setting[2]?.trim() ?? 'true'));
  }
  return settings;
}

/** The project's own configuration, in its folder or, where that is a `top_dir`, in one of the two around it. */
export async function projectConfiguration(
  folder: string,
  files: Files,
): Promise<{ file: string; settings: SqitchConfiguration } | null> {
  for (const place of [folder, path.dirname(folder), path.dirname(path.dirname(folder))]) {
    const file = path.join(place, fileName);
    const text = await textOf(file, files);
    if (text !== null) return { file, settings: readConfiguration(text) };
  }
  return null;
}

/**
 * The name and the address that Sqitch would put on what is done here: of the project's configuration, the user's, the
 * system's, else of the system's user.
 */
export async function sqitchPerson(folder: string, files: Files): Promise<Person> {
  const own = await projectConfiguration(folder, files);
  const users = await textOf(path.join(os.homedir(), '.sqitch', fileName), files);
  const systems = await textOf(path.join('/etc/sqitch', fileName), files);
  const all = [own?.settings, ...[users, systems].map((text) => text && readConfiguration(text))];
  const setting = (key: string): string | null => {
    for (const settings of all) {
      const value = settings && settings.get(key);
      if (value) return value;
    }
    return null;
  };
  const user = os.userInfo().username;
  return {
    // What the plan file could not hold.
    name: (setting('user.name') ?? user).replace(/[<#[\n]/g, ' ').trim() || user,
    email: (setting('user.email') ?? `${user}@${os.hostname()}`).replace(/[>#\s]/g, '') || user,
  };
}

function textOf(file: string, files: Files): Promise<string | null> {
  return files.readIfExists(file).catch(() => null);
}

function withoutComment(line: string): string {
  return line.replace(/^((?:[^"#;\\]|\\.|"(?:[^"\\]|\\.)*")*)[#;].*$/, '$1');
}

function unquoted(value: string): string {
  return value.replace(/"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, quoted: string | undefined, letter: string) =>
    (quoted ?? `\\${letter}`).replace(/\\(.)/g, (__, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
  );
}
