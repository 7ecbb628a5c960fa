import path from 'node:path';
import { parse } from 'dotenv';
import type { Files } from '../ports/files';

/** A file of settings with its text. */
export interface SettingsFile {
  path: string;
  text: string;
}

/** `src/main/resources/db/migration` lies five below its project. */
const levelsAbove = 5;

/** The files of these names in a folder and above it, the nearest first. What cannot be read says nothing. */
export async function settingsFiles(
  folder: string,
  names: readonly string[],
  files: Files,
): Promise<SettingsFile[]> {
  const found: SettingsFile[] = [];
  let current = folder;
  for (let level = 0; level <= levelsAbove; level += 1) {
    for (const name of names) {
      const file = path.join(current, name);
      const text = await files.readIfExists(file).catch(() => null);
      if (text !== null) found.push({ path: file, text });
    }
    const above = path.dirname(current);
    if (above === current) break;
    current = above;
  }
  return found;
}

/** A variable of the nearest `.env` that has it. */
export async function variableNear(folder: string, name: string, files: Files): Promise<string | null> {
  for (const { text } of await settingsFiles(folder, ['.env'], files)) {
    const value = parse(text)[name];
    if (value !== undefined && value !== '') return value;
  }
  return null;
}

/**
 * The values that a parameter has in the addresses of databases among variables. Only what is behind the question mark
 * is looked at: neither user nor password is read.
 */
export function addressParameters(variables: Record<string, string>, parameter: string): string[] {
  const values = Object.values(variables).flatMap((value) => addressParameter(value, parameter) ?? []);
  return [...new Set(values)];
}

/** One parameter of the address of a database; null where it is none, or has it not. */
export function addressParameter(address: string, parameter: string): string | null {
  if (!/^(?:postgres|postgresql|pgx\d*):\/\//.test(address)) return null;
  const query = address.indexOf('?');
  // Behind an @ is the host: with one after it the question mark is in a password, which should have been encoded.
  if (query < 0 || address.indexOf('@', query) >= 0) return null;
  const value = new URLSearchParams(address.slice(query + 1).split('#', 1)[0]).get(parameter);
  return value === '' ? null : value;
}

/** JSON, with null for what is none. */
export function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/**
 * JavaScript or TypeScript without its comments; strings stay: an address has two slashes in it. What nothing closes goes
 * as far as it can, and is not looked at again.
 */
export function codeText(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[^])*`?)|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/g,
    (_match, string: string | undefined) => string ?? ' ',
  );
}

/** The plain strings that a key has in such code, each once. */
export function stringsIn(code: string, key: string): string[] {
  const pattern = new RegExp(`(?<![\\w$.])["']?${key}["']?\\s*:\\s*(["'\`])([^"'\`$\\\\\\n]+)\\1`, 'g');
  return [...new Set([...code.matchAll(pattern)].map((match) => match[2]!))];
}
