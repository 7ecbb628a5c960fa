import { readPart, schemaOf } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';

type Properties = Record<string, string>;

/** What is checked against the rows of the table as it is made. */
export function isCheckedOnRows(kind: string, { definition, validated, inherited }: Properties): boolean {
  if (inherited === 'yes' || validated === 'no') return false;
  return kind === 'constraint' || (kind === 'index' && definition?.startsWith('CREATE UNIQUE') === true);
}

/** Makes a constraint, index, trigger, rule or policy of a table; nothing for what came with a parent table. */
export function createPart(table: string, part: string, properties: Properties): ReverseStep[] {
  const { kind, name } = readPart(part);
  const definition = properties['definition'] ?? '';
  switch (kind) {
    case 'constraint':
      if (properties['inherited'] === 'yes') return [];
      return [addConstraint(table, name, properties), ...clustered(table, name, properties)];
    case 'index':
      if (properties['attached to'] !== undefined) return attachedIndex(table, name, properties);
      return [{ rank: ranks.addIndex, sql: definition }, ...clustered(table, name, properties)];
    case 'trigger':
      if (properties['inherited'] !== undefined) return [];
      return [
        { rank: ranks.addTrigger, sql: definition },
        ...enabled(table, 'TRIGGER', name, undefined, properties['enabled']),
      ];
    case 'rule':
      return [
        { rank: ranks.addTrigger, sql: definition },
        ...enabled(table, 'RULE', name, undefined, properties['enabled']),
      ];
    case 'policy':
      return [{ rank: ranks.addTrigger, sql: policy(table, name, properties) }];
    default:
      return [];
  }
}

/** Drops a part of a table; nothing for what goes with a parent table's. */
export function dropPart(table: string, part: string, properties: Properties): ReverseStep[] {
  const { kind, name } = readPart(part);
  switch (kind) {
    case 'constraint':
      if (properties['inherited'] === 'yes') return [];
      return [
        {
          rank: /^FOREIGN KEY/.test(properties['definition'] ?? '') ? ranks.dropForeignKey : ranks.dropPart,
          sql: `ALTER TABLE ${table} DROP CONSTRAINT ${name}`,
        },
      ];
    case 'index':
      if (properties['attached to'] !== undefined) return [];
      return [{ rank: ranks.dropPart, sql: `DROP INDEX ${schemaOf(table)}.${name}` }];
    case 'trigger':
    case 'rule':
    case 'policy':
      if (properties['inherited'] !== undefined) return [];
      return [{ rank: ranks.dropOutermost, sql: `DROP ${kind.toUpperCase()} ${name} ON ${table}` }];
    default:
      return [];
  }
}

/** From one state of a part to another. */
export function changePart(table: string, part: string, from: Properties, to: Properties): ReverseStep[] {
  const { kind, name } = readPart(part);
  const without = (properties: Properties, names: readonly string[]): string =>
    JSON.stringify(Object.entries(properties).filter(([property]) => !names.includes(property)));
  const remade = (soft: readonly string[]): boolean => without(from, soft) !== without(to, soft);
  const soft = ['comment', 'index comment', 'enabled', 'clustered', 'validated', 'statistics targets'];
  if (remade(soft)) return [...dropPart(table, part, from), ...createPart(table, part, to)];
  const steps: ReverseStep[] = [];
  if (kind === 'trigger' || kind === 'rule')
    steps.push(...enabled(table, kind.toUpperCase(), name, from['enabled'], to['enabled']));
  if (from['clustered'] !== to['clustered'])
    steps.push(...(to['clustered'] ? clustered(table, name, to) : [withoutCluster(table)]));
  if (from['validated'] !== to['validated'])
    steps.push(
      ...(to['validated'] === undefined
        ? [{ rank: ranks.settings, sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}` }]
        : [...dropPart(table, part, from), ...createPart(table, part, to)]),
    );
  return steps;
}

function addConstraint(table: string, name: string, properties: Properties): ReverseStep {
  const { definition = '', validated } = properties;
  const isForeignKey = /^FOREIGN KEY/.test(definition);
  return {
    rank: isForeignKey ? ranks.addForeignKey : ranks.addConstraint,
    sql: `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}${validated === 'no' ? ' NOT VALID' : ''}`,
  };
}

/** The index of a partition: made when its parent's is, unless the parent's was there before it. */
function attachedIndex(table: string, name: string, properties: Properties): ReverseStep[] {
  const index = `${schemaOf(table)}.${name}`;
  return [
    { rank: ranks.addIndex, sql: properties['definition'] ?? '' },
    { rank: ranks.addForeignKey, sql: `ALTER INDEX ${properties['attached to']} ATTACH PARTITION ${index}` },
  ];
}

function clustered(table: string, name: string, properties: Properties): ReverseStep[] {
  if (!properties['clustered']) return [];
  return [{ rank: ranks.settings, sql: `ALTER TABLE ${table} CLUSTER ON ${name}` }];
}

function withoutCluster(table: string): ReverseStep {
  return { rank: ranks.settings, sql: `ALTER TABLE ${table} SET WITHOUT CLUSTER` };
}

function enabled(
  table: string,
  word: string,
  name: string,
  from: string | undefined,
  to: string | undefined,
): ReverseStep[] {
  if (from === to) return [];
  const action = to === 'disabled' ? 'DISABLE' : to === undefined ? 'ENABLE' : `ENABLE ${to.toUpperCase()}`;
  return [{ rank: ranks.settings, sql: `ALTER TABLE ${table} ${action} ${word} ${name}` }];
}

function policy(table: string, name: string, properties: Properties): string {
  const words = [
    `CREATE POLICY ${name} ON ${table}`,
    `AS ${(properties['kind'] ?? 'permissive').toUpperCase()}`,
  ];
  words.push(`FOR ${(properties['command'] ?? 'all').toUpperCase()}`);
  if (properties['roles']) words.push(`TO ${properties['roles'].replace(/\bpublic\b/, 'PUBLIC')}`);
  if (properties['using']) words.push(`USING (${properties['using']})`);
  if (properties['with check']) words.push(`WITH CHECK (${properties['with check']})`);
  return words.join(' ');
}
