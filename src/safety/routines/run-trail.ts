import type { RoutineBody } from '../../sql/statement';

/** Calls deeper than this are not followed. */
const maximumDepth = 8;
/** Statements followed for one statement of a script. */
const maximumStatements = 2_000;

/** Which bodies are being run, so that neither recursion nor a chain of calls goes on for ever. */
export class RunTrail {
  private readonly open = new Set<RoutineBody>();
  private statements = 0;

  /** Runs `inside` unless this body is running already or too much was followed; false when it did not. */
  *enter<Step>(
    body: RoutineBody,
    inside: () => Generator<Step, void, undefined>,
  ): Generator<Step, boolean, undefined> {
    if (this.open.has(body) || this.open.size >= maximumDepth) return false;
    this.statements += body.parts.length;
    if (this.statements > maximumStatements) return false;
    this.open.add(body);
    yield* inside();
    this.open.delete(body);
    return true;
  }
}
