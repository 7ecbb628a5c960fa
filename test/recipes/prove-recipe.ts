import assert from 'node:assert/strict';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { stepsBeforeNoReturn, stepsOf, type Plan, type Step } from '../../src/plan/plan';
import { formatQualifiedName, quoteIdentifier } from '../../src/sql/identifier';
import { testServer, type TestDatabase, type TestMajor } from '../support/servers';
import { rollBackStep, runStep, verificationHolds } from '../plan/execute';
import { planned } from '../plan/planned';
import { assessedWithTwin } from './assessed-with-twin';
import { snapshotOf } from '../plan/snapshot';
import { addOtherColumns, readOtherColumns, type OtherColumn } from './random-columns';
import { severalOutside } from './several-outside';
import type { AppVersion, CaseNames, NamedCase, RecipeCase } from './recipe-case';

export interface Proof {
  major: TestMajor;
  names: CaseNames;
  /** How many steps are done when it is rolled back; capped before the point of no return; null: to the end. */
  rollBackAfter: number | null;
  /** Whether the application's versions run all the time, in sessions of their own, and not only between steps. */
  load: boolean;
  /** Columns that the table has beside those of the case; none unless said. */
  others?: readonly OtherColumn[];
}

/** Plays one case, and asserts that every step holds and that the way back is exact. */
export async function proveRecipe({ build }: NamedCase, proof: Proof): Promise<void> {
  const server = await testServer({ major: proof.major });
  const database = await server.createDatabase();
  const session = await openSession(database.connection, database.password);
  try {
    await new Play(build(proof.names), proof, session, database).run();
  } finally {
    await session.close();
    await database.drop();
  }
}

class Play {
  private round = 1000;
  private done = 0;
  /** Turns the versions have begun under load. */
  private readonly turns = [0, 0];
  private readonly failures: unknown[] = [];
  private plan!: Plan;

  constructor(
    private readonly played: RecipeCase,
    private readonly proof: Proof,
    private readonly session: Session,
    private readonly database: TestDatabase,
  ) {}

  async run(): Promise<void> {
    const { session, played, proof } = this;
    const schema = proof.names.schema;
    for (const script of played.before ?? []) await session.script(script);
    await session.script(`${this.base()}; ANALYZE`);
    const others = await this.addOthers();
    const before = await snapshotOf(session, schema);
    const untouched = await this.read(played.untouched);
    const assessment = await assessedWithTwin(session, played.change, proof.major, this.base());
    this.plan = (await planned(session, played.change, assessment, played.options)).plan;
    assert.deepEqual(severalOutside(this.plan), [], 'several statements outside a transaction');
    const returnable = stepsBeforeNoReturn(this.plan).length;
    const last = Math.min(proof.rollBackAfter ?? Infinity, returnable);
    const stop = proof.rollBackAfter === null ? stepsOf(this.plan).length : last;
    const fleet = proof.load ? this.startFleet() : null;
    try {
      for (const step of stepsOf(this.plan).slice(0, stop)) await this.forward(step);
      if (proof.rollBackAfter === null) return await this.assertDone();
      for (const step of stepsOf(this.plan).slice(0, stop).reverse()) await this.back(step);
    } finally {
      await fleet?.();
    }
    assert.deepEqual(await this.read(played.untouched), untouched, 'rows nobody wrote');
    if (others) assert.deepEqual(await this.read(others.query), others.rows, 'columns nobody wrote');
    assert.deepEqual(await snapshotOf(session, schema), before, 'the schema');
  }

  /** Columns of which neither the change nor the application knows; null where the case has a table of no other shape. */
  private async addOthers(): Promise<{ query: string; rows: unknown[] } | null> {
    const { names, others = [] } = this.proof;
    if (this.played.shape === 'fixed' || others.length === 0) return null;
    const { rows } = await this.session.query(
      `SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1) AND relkind IN ('r', 'p') AND NOT relispartition`,
      [formatQualifiedName(names.table)],
    );
    if (rows.length === 0) return null;
    for (const statement of [...addOtherColumns(names.table, others), 'ANALYZE'])
      await this.session.script(statement);
    const query = readOtherColumns(names.table, others);
    return { query, rows: await this.read(query) };
  }

  private base(): string {
    return `CREATE SCHEMA ${quoteIdentifier(this.proof.names.schema)}; ${this.played.schema}`;
  }

  private async forward(step: Step): Promise<void> {
    const { session } = this;
    if (step.kind === 'migration' || step.kind === 'concurrent')
      assert.equal(await verificationHolds(session, step), false, `${step.id} holds before it ran`);
    await runStep(session, step);
    this.done += 1;
    await this.settle();
    await this.useApplication(`after ${step.id}`);
  }

  private async back(step: Step): Promise<void> {
    // A release is taken back before the schema it needs: from here on only the version before runs.
    this.done -= 1;
    await this.settle();
    if (step.kind === 'deploy') return;
    const version = this.running()[0]!;
    const seen = this.proof.load ? null : await this.readAll(version);
    await rollBackStep(this.session, step);
    if (seen !== null) assert.deepEqual(await this.readAll(version), seen, `read after ${step.id} went back`);
    await this.useApplication(`after ${step.id} went back`);
  }

  /** Until no version is still in a turn it began before the plan moved on. */
  private async settle(): Promise<void> {
    if (!this.proof.load) return;
    const begun = this.turns.map((turn) => turn + 1);
    while (this.failures.length === 0 && this.turns.some((turn, place) => turn < begun[place]!))
      await new Promise((resolve) => setTimeout(resolve, 2));
  }

  private async assertDone(): Promise<void> {
    for (const query of this.played.done) assert.deepEqual(await this.read(query), [{ holds: true }], query);
  }

  /** The versions that run at this moment: beside each other from a release to the next. */
  private running(): AppVersion[] {
    const { versions } = this.played;
    const contract = this.plan.phases[2]!.steps.map((step) => step.id);
    const finished = stepsOf(this.plan).slice(0, this.done + 1);
    if (contract.length > 0 && finished.some((step) => contract.includes(step.id))) return [versions.at(-1)!];
    const releases = finished.slice(0, this.done).filter((step) => step.kind === 'deploy').length;
    return versions.slice(Math.max(0, releases - 1), releases + 1);
  }

  private async useApplication(when: string): Promise<void> {
    const running = this.running();
    assert.ok(running.length > 0, 'a version of the application per release');
    for (const version of running) {
      this.round += 1;
      for (const write of version.writes(this.round))
        await this.told(when, write, () => this.session.query(write));
      for (const query of version.reads) await this.told(when, query, () => this.session.query(query));
    }
    if (this.played.agree !== undefined && running.length > 1)
      assert.deepEqual(await this.read(this.played.agree), [{ holds: true }], `versions agree ${when}`);
  }

  private async told(when: string, query: string, work: () => Promise<unknown>): Promise<void> {
    await work().catch((error: unknown) => {
      throw new Error(`${query}\nfails ${when}: ${String(error)}`, { cause: error });
    });
  }

  private readAll(version: AppVersion): Promise<unknown[]> {
    return Promise.all(version.reads.map((query) => this.read(query)));
  }

  private async read(query: string): Promise<unknown[]> {
    return (await this.session.query(query)).rows;
  }

  /** Versions that run all the time; none of their statements may wait longer than lock_timeout and 100 ms. */
  private startFleet(): () => Promise<void> {
    const stop = new AbortController();
    const one = async (place: 0 | 1): Promise<void> => {
      const session = await openSession(this.database.connection, this.database.password);
      try {
        await session.query(`SET lock_timeout = ${this.plan.options.lockTimeoutMilliseconds + 100}`);
        for (let round = (place + 2) * 100_000; !stop.signal.aborted; round += 1) {
          this.turns[place]! += 1;
          const version = this.running()[place];
          const queries = version ? [...version.writes(round), ...version.reads] : [];
          for (const query of queries) await session.query(query);
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      } finally {
        await session.close();
      }
    };
    const fleets = ([0, 1] as const).map((place) =>
      one(place).catch((error: unknown) => this.failures.push(error)),
    );
    return async () => {
      stop.abort();
      await Promise.all(fleets);
      assert.deepEqual(this.failures, [], 'statements of the application under load');
    };
  }
}
