import { t } from '../../messages/translate';

/**
 * What the keys of plan.md's front matter mean, by their path: `[]` is each item of a list, `*` any name. The published
 * JSON schema and the editor's hovers have them. Those of a change are what its form asks.
 */
export function planKeyMeanings(): Record<string, string> {
  return {
    switchback: t('Version of this format. A document without it is not a plan of Switchback.'),
    id: t('The name of the plan: its folder, and what the databases have on record.'),
    title: t('What the plan does, in one sentence.'),
    createdAt: t('When the plan was made. Its timeline counts from that day.'),
    state: t('Where the plan stands. Switchback keeps it up to date as steps are run.'),
    change: t('What is to be changed, as the form asked it.'),
    'change.kind': t('The kind of change.'),
    'change.table': t('The table or other object it is about.'),
    'change.table.schema': t('The schema it is in.'),
    'change.table.name': t('Its name, without quotes.'),
    recipe: t('The recipe that made the phases: the same word as the kind of change.'),
    layout: t('Where the migration files go, and how they are written.'),
    'layout.id': t('The migration tool whose files these are.'),
    'layout.folder': t('The folder of its migrations, relative to the workspace folder.'),
    serverMajor: t('The major version of PostgreSQL that the SQL was written for.'),
    ...optionMeanings(),
    strategy: t('The way the change is made, and why.'),
    'strategy.kind': t('The way that was chosen.'),
    'strategy.why': t('Why it was chosen.'),
    'strategy.alternatives': t('The other ways that were weighed.'),
    'strategy.alternatives[].kind': t('A way that was not taken.'),
    'strategy.alternatives[].why': t('What speaks for or against it.'),
    pointOfNoReturn: t('From where on going back loses data; null where everything can be taken back.'),
    'pointOfNoReturn.step': t('The id of the step that cannot be taken back.'),
    'pointOfNoReturn.why': t('What is lost by it.'),
    phases: t('Expand, migrate and contract, with the steps of each.'),
    'phases[].name': t('The phase: expand adds, migrate moves over, contract removes.'),
    'phases[].goal': t('What is reached when the phase is over.'),
    'phases[].steps': t('The steps of the phase, in their order.'),
    ...stepMeanings('phases[].steps[]'),
    approvedHash: t(
      'The SHA-256 of change, phases, steps, gates and SQL files as they were written. Approvals and rehearsals are given for it.',
    ),
    ...answerMeanings(),
    approvals: t(
      'Who approved the plan. Each entry counts when its author committed it and its hash is that of the plan as it is.',
    ),
    'approvals[].role': t('The role that approves, as "approvalRoles" of the configuration lists them.'),
    'approvals[].by': t('The name or the e-mail address with which this entry is committed to git.'),
    'approvals[].at': t('When the approval was given.'),
    'approvals[].hash': t('The approvedHash that was approved. Another plan needs another approval.'),
    ...recordMeanings(),
    generated: t(
      'By file of the plan folder: the SHA-256 of what was generated last, so that edits are seen.',
    ),
    'generated.*': t('SHA-256 of the text that was generated.'),
  };
}

function optionMeanings(): Record<string, string> {
  return {
    options: t('The choices the plan was made with.'),
    'options.batchMilliseconds': t('How long one batch of a backfill may take, in milliseconds.'),
    'options.batchRows': t('How many rows the first batch has. Later ones follow the time they take.'),
    'options.vacuumShare': t('After which share of the rows a backfill vacuums the table.'),
    'options.deprecationDays': t('How many days the old shape stays after the new one is released.'),
    'options.lockTimeoutMilliseconds': t(
      'How long a statement waits for a lock before it tries again later.',
    ),
    'options.strategy': t('The way the change is made.'),
    'options.dualWrite': t('Who keeps old and new equal meanwhile: a trigger, or the application.'),
    'options.deploySteps': t('Whether the application moves over in one release or in several.'),
  };
}

function stepMeanings(step: string): Record<string, string> {
  const meanings: Record<string, string> = {
    kind: t('How the step is carried out.'),
    id: t('The step: a number, a dash and words. Records, files and approvals name it so.'),
    title: t('What the step does, in a few words.'),
    action: t('What the step does, in a sentence.'),
    verification: t('The query that proves the step; null where nothing can be asked.'),
    'verification.expectation': t('What the query proves.'),
    gates: t('What must hold before the step may run.'),
    forecast: t('What the step locks, and for how long; null where that is not known.'),
    'forecast.lock': t('The strongest lock it takes; null where it takes none.'),
    'forecast.relation': t('What it locks.'),
    'forecast.work': t('What is done while the lock is held.'),
    'forecast.holdMilliseconds': t(
      'How long the lock is held, in milliseconds; null where it cannot be known.',
    ),
    'forecast.holdMilliseconds.low': t('At least.'),
    'forecast.holdMilliseconds.high': t('At most.'),
    'forecast.phrase': t('The forecast in words.'),
    forward: t('The SQL that carries the step out.'),
    rollback: t('How the step is taken back.'),
    'rollback.kind': t('By SQL, by nothing, or not at all.'),
    'rollback.why': t('Why there is nothing to run, or no way back.'),
    backfill: t('What is filled, in batches.'),
    'backfill.table': t('The table whose rows are filled.'),
    'backfill.table.schema': t('The schema of the table.'),
    'backfill.table.name': t('The name of the table, without quotes.'),
    'backfill.assignments': t('What each column gets.'),
    'backfill.assignments[].column': t('The column that is filled.'),
    'backfill.assignments[].expression': t('Its value, as SQL over the columns of the row.'),
    'backfill.write': t('Whether rows are changed where they are, or copied to another table.'),
    'backfill.into': t('The table that rows are copied to.'),
    'backfill.into.schema': t('The schema of that table.'),
    'backfill.into.name': t('The name of that table, without quotes.'),
    'backfill.columns': t('What each column of the copy gets.'),
    'backfill.columns[].column': t('The column that is filled.'),
    'backfill.columns[].expression': t('Its value, as SQL over the columns of the row.'),
    'backfill.conflict': t('The unique key of the other table by which a row is there already.'),
    'backfill.pending': t('Which rows are still to do, as an SQL condition; null: each row once.'),
    'backfill.walk': t('In which order the rows are gone through.'),
    'backfill.walk.by': t('By a unique key, or by the physical place.'),
    'backfill.walk.columns': t('The columns of the key.'),
    'backfill.estimatedRows': t('How many rows there were when the plan was made.'),
    againOnRollback: t('Whether the backfill is run again when the plan is rolled back.'),
    instructions: t('What the application has to do in this release.'),
    rollbackInstructions: t('How the release is taken back.'),
    sample: t('An example of the change in the code.'),
    'sample.language': t('The language of the example.'),
    'sample.before': t('The code as it is.'),
    'sample.after': t('The code as it will be.'),
    checks: t('The queries that must find nothing wrong.'),
    'checks[].id': t('The name of the check.'),
    'checks[].title': t('What the check looks at.'),
    days: t('How many days to wait.'),
    why: t('What the wait is for.'),
  };
  const files = ['forward', 'rollback', 'verification', 'checks[]'].flatMap((key): [string, string][] => [
    [`${key}.file`, t('The file of the plan folder that has the SQL.')],
    [`${key}.sha256`, t('The SHA-256 of the file, so that edits are seen.')],
  ]);
  return below(step, { ...meanings, ...Object.fromEntries(files) });
}

function answerMeanings(): Record<string, string> {
  return {
    scope: t('What people said of the scope of the change.'),
    'scope.systems': t('The systems it concerns; null where nobody said.'),
    'scope.users': t('Who notices it; null where nobody said.'),
    'scope.downtime': t('The downtime that can be borne; null where nobody said.'),
    'scope.deadline': t('The day by which it must be done, as 2026-03-04; null where there is none.'),
    prerequisites: t('What has to be settled before the first step.'),
    'prerequisites[].id': t('The prerequisite.'),
    'prerequisites[].state': t('Whether it is settled.'),
    'prerequisites[].evidence': t('What proves it; null where nothing does.'),
    'prerequisites[].confirmed': t('Who gave their word for it; null where nobody did.'),
    'prerequisites[].confirmed.name': t('The name of that person.'),
    'prerequisites[].confirmed.at': t('When they gave their word.'),
    'prerequisites[].confirmed.note': t('What they said.'),
  };
}

function recordMeanings(): Record<string, string> {
  const file = {
    path: t('Its path, relative to the workspace folder.'),
    sha256: t('Its SHA-256 as it was written, so that edits are seen.'),
    edited: t('Whether a person had changed the held text that it was written from.'),
  };
  return {
    releases: t('The migration files that were written so far.'),
    'releases[].step': t('The id of the step it is of.'),
    'releases[].version': t('The version in the order of the migration tool.'),
    'releases[].name': t('The name after the version.'),
    'releases[].up': t('The file that carries the step out.'),
    ...below('releases[].up', file),
    'releases[].down': t('The file that takes it back; null where the tool has none.'),
    ...below('releases[].down', file),
    environments: t(
      'Where the plan stands on each database. A mirror: what a database has on record itself is what counts.',
    ),
    'environments.*': t('One connection, by its name.'),
    'environments.*.databaseId': t('The identity of the database, so that a copy of it is noticed.'),
    'environments.*.phase': t('The phase it is in.'),
    'environments.*.steps': t('The steps that were begun there.'),
    ...below('environments.*.steps[]', {
      id: t('The id of the step.'),
      state: t('Where the step stands there.'),
      startedAt: t('When it was begun.'),
      finishedAt: t('When it ended.'),
      by: t('Switchback, the migration tool, or the person who confirmed it.'),
      error: t('Why it failed; null where it did not.'),
      backfill: t('How far the backfill is; null where the step is none.'),
      'backfill.state': t('Where the backfill stands.'),
      'backfill.rowsDone': t('Rows that are done.'),
      'backfill.rowsTotal': t('Rows there are to do.'),
      'backfill.batchRows': t('Rows of the last batch.'),
      'backfill.batchMilliseconds': t('How long the last batch took.'),
      'backfill.rowsPerSecond': t('How fast it goes.'),
      'backfill.remainingMilliseconds': t('How long it will take yet.'),
    }),
    'environments.*.evidence': t('What was proved or confirmed there.'),
    ...below('environments.*.evidence[]', {
      gate: t('The gate it is for.'),
      verdict: t('What it says.'),
      at: t('When it was recorded.'),
      by: t('Who or what recorded it.'),
      server: t('The version of the server.'),
      database: t('The database.'),
      contentHash: t('The approvedHash it was given for; null where it is given for none.'),
      details: t('The reason, and what else was recorded.'),
      'details.*': t('A fact of the record.'),
    }),
  };
}

function below(parent: string, meanings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(meanings).map(([key, meaning]) => [`${parent}.${key}`, meaning]));
}
