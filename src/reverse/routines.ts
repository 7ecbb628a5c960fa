import type { ObjectName } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';

type Properties = Record<string, string>;

/** Makes a function or procedure, in place of one of the same shape where there is one. */
export function createRoutine({ kind, name }: ObjectName, properties: Properties): ReverseStep[] {
  const word = kind === 'procedure' ? 'PROCEDURE' : 'FUNCTION';
  const head = [
    `CREATE OR REPLACE ${word} ${name.slice(0, name.indexOf('('))}(${properties['arguments'] ?? ''})`,
  ];
  if (properties['result'] !== undefined && kind !== 'procedure')
    head.push(`RETURNS ${properties['result']}`);
  head.push(`LANGUAGE ${properties['language']}`, ...attributes(kind, properties));
  // PostgreSQL looks at what an SQL routine reads as it is made; at a PL/pgSQL one's only as it runs.
  const rank = properties['language'] === 'sql' ? ranks.createLateRoutine : ranks.createRoutine;
  return [{ rank, sql: `${head.join(' ')}\n${bodyClause(properties)}` }];
}

/** Drops a function, procedure or aggregate by its signature. */
export function dropRoutine({ kind, name }: ObjectName): ReverseStep[] {
  const word = kind === 'procedure' ? 'PROCEDURE' : kind === 'aggregate' ? 'AGGREGATE' : 'FUNCTION';
  const signature = kind === 'aggregate' && name.endsWith('()') ? `${name.slice(0, -2)}(*)` : name;
  return [{ rank: ranks.dropRoutine, sql: `DROP ${word} ${signature}` }];
}

function attributes(kind: ObjectName['kind'], properties: Properties): string[] {
  const words: string[] = [];
  if (kind === 'window function') words.push('WINDOW');
  if (properties['volatility']) words.push(properties['volatility'].toUpperCase());
  if (properties['strict']) words.push('STRICT');
  if (properties['security definer']) words.push('SECURITY DEFINER');
  if (properties['leakproof']) words.push('LEAKPROOF');
  if (properties['parallel']) words.push(`PARALLEL ${properties['parallel'].toUpperCase()}`);
  if (kind !== 'procedure') {
    const usual = ['internal', 'c'].includes(properties['language'] ?? '') ? '1' : '100';
    if (properties['cost'] !== undefined && properties['cost'] !== usual)
      words.push(`COST ${properties['cost']}`);
    if (properties['rows'] !== undefined && properties['rows'] !== '1000')
      words.push(`ROWS ${properties['rows']}`);
  }
  for (const setting of settingsOf(properties['settings'])) words.push(`SET ${setting}`);
  return words;
}

/** `search_path=public, pg_temp` after `work_mem=4MB`: a comma that no name follows belongs to the value. */
function settingsOf(settings: string | undefined): string[] {
  if (settings === undefined) return [];
  return settings
    .split(/, (?=[\w.]+=)/)
    .map((setting) =>
      setting.replace(
        /^([\w.]+)=([\s\S]*)$/,
        (_, name: string, value: string) => `${name} TO ${settingValue(name, value)}`,
      ),
    );
}

/** Lists are lists of identifiers already; of all else a literal is right. */
function settingValue(name: string, value: string): string {
  if (['search_path', 'temp_tablespaces', 'session_preload_libraries'].includes(name))
    return value === '' ? "''" : value;
  return `'${value.replaceAll("'", "''")}'`;
}

function bodyClause(properties: Properties): string {
  const body = properties['body'] ?? '';
  if (properties['language'] === 'sql' && /^\s*(?:BEGIN ATOMIC\b|RETURN\b)/.test(body)) return body;
  if (properties['library'] !== undefined)
    return `AS '${properties['library'].replaceAll("'", "''")}', '${body.replaceAll("'", "''")}'`;
  const tag = dollarTag(body);
  return `AS ${tag}${body}${tag}`;
}

function dollarTag(body: string): string {
  for (let number = 0; ; number += 1) {
    const tag = number === 0 ? '$function$' : `$function${number}$`;
    if (!body.includes(tag.slice(0, -1))) return tag;
  }
}
