import type { Direction, Layout, Migration } from '../layouts/layout';
import type { Files } from '../ports/files';
import { statementsInFile } from './measure/in-file';
import { measureRehearsed } from './measure/measure-rehearsed';
import type { MeasuredStatement } from './measure/measured-forecast';
import type { MigrationRehearsal } from './rehearsal';
import type { RoundTrip } from './round-trip';
import type { KnownValues } from './seed/known-values';
import type { ShadowRun, Snapshot } from './shadow-run';

/** What the statements of one migration do, seen on the way through its rehearsal. */
export class MigrationMeasurement {
  readonly #statements: MeasuredStatement[] = [];
  readonly #notes: string[] = [];

  constructor(
    private readonly run: ShadowRun,
    private readonly trip: RoundTrip,
    private readonly source: { migration: Migration; layout: Layout; files: Files },
    private readonly known: KnownValues,
  ) {}

  /** In the state before the up. */
  async up(state: Snapshot): Promise<void> {
    await this.#measure('up', state, async () => undefined);
  }

  /** In the state after it. */
  async down(state: Snapshot): Promise<void> {
    await this.#measure('down', state, () => this.run.run(this.trip.up));
  }

  addTo(rehearsal: MigrationRehearsal): void {
    rehearsal.statements = this.#statements;
    rehearsal.notes.push(...this.#notes.filter((note) => !rehearsal.notes.includes(note)));
  }

  async #measure(direction: Direction, state: Snapshot, comeBack: () => Promise<unknown>): Promise<void> {
    const { run, trip, known } = this;
    const { statements, notes } = await measureRehearsed(run, trip, { direction, state, known, comeBack });
    this.#statements.push(...(await this.#inFile(direction, statements)));
    this.#notes.push(...notes);
  }

  async #inFile(direction: Direction, statements: MeasuredStatement[]): Promise<MeasuredStatement[]> {
    const { migration, layout, files } = this.source;
    const script = await layout.script(migration, direction, files);
    const file = direction === 'up' ? migration.upPath : migration.downPath;
    if (!script || file === null || script.offset === 0) return statements;
    return statementsInFile(statements, { offset: script.offset, fileText: await files.read(file) });
  }
}
