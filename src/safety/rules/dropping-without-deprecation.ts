import type { DropStmt } from '@pgsql/types';
import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import { relationLabel } from '../forecast/describe-forecast';
import { dottedKey, relationKey, type KnownSchema } from '../known-schema';
import { nameParts } from '../known-schema-fold';
import { commandsOf, isUnseen } from '../reading/commands';
import { isDeprecationRecorded } from '../reading/deprecation';
import type { Rule, RuleContext } from '../rule';

export const droppingWithoutDeprecation: Rule = {
  id: 'dropping-without-deprecation',
  title: 'Dropping what nobody declared out of use',
  severity: 'info',
  since: null,
  until: null,
  yieldsTo: ['drop-column', 'drop-schema', 'drop-table', 'drop-view'],
  why: 'Code that runs while it is dropped, also jobs, reports and the version before, fails on its next use. A recorded time in which it was declared out of use is the proof that nobody needs it any more.',
  url: 'https://www.postgresql.org/docs/current/ddl-depend.html',
  bad: {
    before: 'create function total(a int, b int) returns int language sql as $$select a + b$$;',
    sql: 'drop function total(int, int);',
    plan: { kind: 'none' },
  },
  good: {
    before: 'create function total(a int, b int) returns int language sql as $$select a + b$$;',
    sql: '-- switchback:deprecated since 2024-02-29 reports add it up themselves\ndrop function total(int, int);',
    plan: { kind: 'none' },
  },
  check(context) {
    if (context.script.plan === null || context.script.direction === 'down') return [];
    const dropped = droppedNames(context);
    if (dropped.length === 0 || isDeprecationRecorded(context)) return [];
    const message = t(
      'Nothing records that {0} is out of use. Drop it in the contract phase of a plan, or write "-- switchback:deprecated since YYYY-MM-DD" and why above this.',
      dropped.map(relationLabel).join(', '),
    );
    return [{ message, fix: null }];
  },
};

/** What is dropped and was there before the script, as far as is known. */
function droppedNames(context: RuleContext): string[] {
  const { statement, schema } = context;
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (alter) {
    const table = relationKey(schema, alter.relation);
    if (isUnseen(context, table)) return [];
    return commandsOf(context, 'AT_DropColumn').map((command) => `${table}.${command.name ?? ''}`);
  }
  const drop = asKind(statement.node, 'DropStmt');
  if (!drop || !isUsedByCode(drop)) return [];
  return (drop.objects ?? [])
    .map((object) => keyOf(schema, drop, nameParts(object)))
    .filter((key) => !isUnseen(context, key) && isKnown(schema, drop, key) && !isMadeHere(context, key));
}

const usedByCode =
  /^OBJECT_(TABLE|VIEW|MATVIEW|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|FOREIGN_TABLE)$/;

function isUsedByCode(drop: DropStmt): boolean {
  return usedByCode.test(drop.removeType ?? '');
}

function keyOf(schema: KnownSchema, drop: DropStmt, parts: string[]): string {
  return dottedKey(schema, parts, objectsOf(schema, drop));
}

function objectsOf(schema: KnownSchema, drop: DropStmt): ReadonlyMap<string, unknown> {
  if (/TYPE|DOMAIN/.test(drop.removeType ?? '')) return schema.types;
  return /FUNCTION|PROCEDURE|ROUTINE/.test(drop.removeType ?? '') ? schema.functions : schema.relations;
}

/** IF EXISTS of something unknown may drop nothing at all. */
function isKnown(schema: KnownSchema, drop: DropStmt, key: string): boolean {
  return !drop.missing_ok || objectsOf(schema, drop).has(key);
}

/** Made by this script before, or made anew by it afterwards: code goes on using it. */
function isMadeHere({ script, statement, schema }: RuleContext, key: string): boolean {
  return script.statements.some((each) => each !== statement && madeKey(schema, each) === key);
}

function madeKey(schema: KnownSchema, statement: Statement): string | null {
  const fields = statement.node[statement.kind] as Record<string, unknown>;
  const type =
    asKind(statement.node, 'CreateEnumStmt')?.typeName ??
    asKind(statement.node, 'CreateDomainStmt')?.domainname;
  if (type) return dottedKey(schema, strings(type), schema.types);
  const routine = asKind(statement.node, 'CreateFunctionStmt')?.funcname;
  if (routine) return dottedKey(schema, strings(routine), schema.functions);
  const rename = asKind(statement.node, 'RenameStmt');
  if (rename) return renamedKey(schema, statement);
  if (!/^(CreateStmt|CreateSeqStmt|ViewStmt|CreateTableAsStmt|CompositeTypeStmt)$/.test(statement.kind))
    return null;
  const range = fields['relation'] ?? fields['view'] ?? fields['sequence'] ?? fields['typevar'];
  const into = fields['into'] as { rel?: unknown } | undefined;
  return relationKey(schema, (range ?? into?.rel) as Parameters<typeof relationKey>[1]);
}

function renamedKey(schema: KnownSchema, statement: Statement): string {
  const rename = asKind(statement.node, 'RenameStmt')!;
  const parts = rename.relation
    ? [rename.relation.schemaname ?? '', rename.newname ?? '']
    : [...nameParts(rename.object).slice(0, -1), rename.newname ?? ''];
  return dottedKey(
    schema,
    parts.filter((part) => part !== ''),
    schema.types,
  );
}
