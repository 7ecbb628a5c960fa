import type { Position, Statement } from '../../sql/statement';
import type { FixProposal } from '../fix-proposal';
import type { Forecast } from '../forecast';
import type { ForecastStep } from '../forecast/forecast-runs';
import type { RuleFinding, RuleScript } from '../rule';

/** What rules see while the statements inside one statement are looked at. */
export class InsideStatement {
  /** Rules that found something inside the statement. */
  readonly said = new Set<string>();
  private readonly before: Forecast[] = [];
  private view: RuleScript | null = null;

  constructor(
    private readonly outer: RuleScript,
    private readonly forecasts: readonly Forecast[],
  ) {}

  /** The script as it is to a statement inside: in one transaction with its neighbours, which came before it. */
  get script(): RuleScript {
    const { outer, before, forecasts } = this;
    this.view ??= {
      ...outer,
      blocks: outer.blocks.map((block, index) => block ?? -1 - index),
      get earlier() {
        return [...forecasts, ...before];
      },
    };
    return this.view;
  }

  passed(forecast: Forecast): void {
    this.before.push(forecast);
  }

  /** The statement itself is done. */
  leave(): void {
    this.before.length = 0;
    this.said.clear();
  }

  place(
    result: RuleFinding,
    statement: Statement,
    within: ForecastStep['within'],
  ): { start: Position; end: Position } {
    return within?.place === 'elsewhere' ? within.statement : (result.place ?? statement);
  }

  /** Inside a body only text that stands there as it is can be edited, and nothing moves out of it. */
  mayFix(fix: FixProposal, within: ForecastStep['within']): boolean {
    if (!within) return true;
    return within.place === 'body' && within.verbatim && fix.kind === 'edit' && fix.follows.length === 0;
  }
}
