import { t } from '../messages/translate';
import { quoteLiteral } from '../sql/identifier';
import type { ParameterizedSql } from './layout';
import type { Person, PlannedChange, PlannedDependency } from './planned-change';

export interface SqitchRecord {
  /** The registry's schema, quoted. */
  registry: string;
  id: string;
  planned: PlannedChange;
  committer: Person;
  scriptHash: string | null;
}

/** What the tool writes when a change is deployed: log_deploy_change of its App::Sqitch::Role::DBIEngine. */
export function deployedRows(record: SqitchRecord): ParameterizedSql[] {
  const { registry, id, planned } = record;
  const dependencies = [
    ...planned.requires.map((dependency) => ({ type: 'require', dependency })),
    ...planned.conflicts.map((dependency) => ({ type: 'conflict', dependency })),
  ];
  return [
    oneAtATime(registry),
    changeRow(record),
    ...dependencies.map(({ type, dependency }) => ({
      sql: `insert into ${registry}.dependencies (change_id, type, dependency, dependency_id)
values ($1::text, $2::text, $3::text, ${type === 'require' ? deployedId(registry, planned, dependency) : 'null'})`,
      parameters: [id, type, dependency.text],
    })),
    ...planned.tags.map((tag) => tagRow(record, tag)),
    eventRow(record),
  ];
}

/** What the tool writes when a change is reverted: the row of the change goes, with its tags, and an event tells of it. */
export function revertedRows(registry: string, id: string, committer: Person): ParameterizedSql[] {
  const listed = (type: string): string =>
    `array(select dependency from ${registry}.dependencies where change_id = $1::text and type = '${type}')`;
  return [
    oneAtATime(registry),
    {
      sql: `insert into ${registry}.events (event, change_id, change, project, note, tags, requires, conflicts,
  committer_name, committer_email, planned_at, planner_name, planner_email, committed_at)
select 'revert', change_id, change, project, note,
  array(select tag from ${registry}.tags where change_id = $1::text), ${listed('require')}, ${listed('conflict')},
  $2::text, $3::text, planned_at, planner_name, planner_email, clock_timestamp()
from ${registry}.changes where change_id = $1::text`,
      parameters: [id, committer.name, committer.email],
    },
    { sql: `delete from ${registry}.tags where change_id = $1::text`, parameters: [id] },
    { sql: `delete from ${registry}.changes where change_id = $1::text`, parameters: [id] },
  ];
}

/**
 * What the tool checks before it deploys: what is required is there, what conflicts is not. A text that another change
 * of the project was deployed with cannot be recorded a second time, which the tool sees when it is too late.
 */
export function deployable({ registry, id, planned, scriptHash }: SqitchRecord): ParameterizedSql[] {
  const checks = [
    ...planned.requires.map((dependency) => ({
      fails: `${deployedId(registry, planned, dependency)} is null`,
      sentence: t(
        'Sqitch requires "{0}" to be deployed before "{1}". Apply it first.',
        dependency.text,
        planned.change,
      ),
    })),
    ...planned.conflicts.map((dependency) => ({
      fails: `${deployedId(registry, planned, dependency)} is not null`,
      sentence: t(
        '"{1}" conflicts with "{0}", which is deployed. Roll that one back first.',
        dependency.text,
        planned.change,
      ),
    })),
    ...(scriptHash === null
      ? []
      : [
          {
            fails: `exists (select from ${registry}.changes where project = ${quoteLiteral(planned.project)}
    and script_hash = ${quoteLiteral(scriptHash)} and change_id <> ${quoteLiteral(id)})`,
            sentence: t(
              'Another change of the project was deployed with the very text of "{0}", which Sqitch records once. Change a comment in one of them.',
              planned.change,
            ),
          },
        ]),
  ];
  return guards(checks);
}

/** What the tool checks before it reverts: nothing that is deployed requires the change. */
export function revertable(registry: string, id: string, name: string): ParameterizedSql[] {
  const requiring = `select from ${registry}.dependencies where dependency_id = ${quoteLiteral(id)}
    and change_id <> dependency_id`;
  const sentence = t('Deployed changes require "{0}". Roll them back first.', name);
  return guards([{ fails: `exists (${requiring})`, sentence }]);
}

function guards(checks: readonly { fails: string; sentence: string }[]): ParameterizedSql[] {
  return checks.map(({ fails, sentence }) => {
    const body = `begin if ${fails} then raise exception using message = ${quoteLiteral(sentence)}; end if; end`;
    return { sql: `do ${quoteLiteral(body)}`, parameters: [] };
  });
}

/** The id of the deployed change that a dependency means, as change_id_for of the tool looks it up; null for none. */
function deployedId(
  registry: string,
  { project: own }: PlannedChange,
  { id, change, tag, project }: PlannedDependency,
): string {
  const changes = `${registry}.changes`;
  if (id !== null) return `(select change_id from ${changes} where change_id = ${quoteLiteral(id)})`;
  const ofProject = `c.project = ${quoteLiteral(project ?? own)}`;
  const named = change === null ? ofProject : `${ofProject} and c.change = ${quoteLiteral(change)}`;
  const first = (order: 'asc' | 'desc', where: string, join = ''): string =>
    `(select c.change_id from ${changes} c${join} where ${where} order by c.committed_at ${order} limit 1)`;
  if (tag === null) return first('asc', named);
  if (tag === 'HEAD') return first('desc', named);
  if (tag === 'ROOT') return change === null ? first('asc', named) : '(null::text)';
  const tagged = `${named} and t.tag = ${quoteLiteral(`@${tag}`)}`;
  return change === null
    ? first('desc', tagged, ` join ${registry}.tags t on t.change_id = c.change_id`)
    : first(
        'desc',
        tagged,
        ` join ${registry}.tags t on c.committed_at <= t.committed_at and c.project = t.project`,
      );
}

/** As the tool does at the start of the transaction in which it records. */
function oneAtATime(registry: string): ParameterizedSql {
  return { sql: `lock table ${registry}.changes in exclusive mode`, parameters: [] };
}

function changeRow({ registry, id, planned, committer, scriptHash }: SqitchRecord): ParameterizedSql {
  return {
    sql: `insert into ${registry}.changes (change_id, script_hash, change, project, note, committer_name, committer_email,
  planned_at, planner_name, planner_email, committed_at)
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::timestamptz, $9::text, $10::text,
  clock_timestamp())`,
    parameters: [
      id,
      scriptHash,
      planned.change,
      planned.project,
      planned.note,
      committer.name,
      committer.email,
      planned.plannedAt,
      planned.planner.name,
      planned.planner.email,
    ],
  };
}

function tagRow(
  { registry, id, planned, committer }: SqitchRecord,
  tag: PlannedChange['tags'][number],
): ParameterizedSql {
  return {
    sql: `insert into ${registry}.tags (tag_id, tag, project, change_id, note, committer_name, committer_email, planned_at,
  planner_name, planner_email, committed_at)
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::timestamptz, $9::text, $10::text,
  clock_timestamp())`,
    parameters: [
      tag.id,
      tag.name,
      planned.project,
      id,
      tag.note,
      committer.name,
      committer.email,
      tag.plannedAt,
      tag.planner.name,
      tag.planner.email,
    ],
  };
}

function eventRow({ registry, id, planned, committer }: SqitchRecord): ParameterizedSql {
  const parameters: unknown[] = [
    id,
    planned.change,
    planned.project,
    planned.note,
    committer.name,
    committer.email,
    planned.plannedAt,
    planned.planner.name,
    planned.planner.email,
  ];
  const list = (texts: readonly string[]): string =>
    `array[${texts.map((text) => `$${parameters.push(text)}`).join(', ')}]::text[]`;
  const lists = [
    list(planned.tags.map(({ name }) => name)),
    list(planned.requires.map(({ text }) => text)),
    list(planned.conflicts.map(({ text }) => text)),
  ];
  return {
    sql: `insert into ${registry}.events (event, change_id, change, project, note, committer_name, committer_email, planned_at,
  planner_name, planner_email, committed_at, tags, requires, conflicts)
values ('deploy', $1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::timestamptz, $8::text, $9::text,
  clock_timestamp(), ${lists.join(', ')})`,
    parameters,
  };
}
