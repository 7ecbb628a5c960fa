import type { Position, Statement } from '../../sql/statement';
import type { FixProposal } from '../fix-proposal';
import type { Forecast } from '../forecast';
import type { ForecastStep } from '../forecast/forecast-runs';
import type { RuleFinding, RuleScript } from '../rule';

/** What rules see while the statements inside one statement are looked at. */
export class InsideStatement {
  /** Rules that found something inside the statement. */
  readonly said = new Set<string>();
  /** The forecasts of the statements before it, and of those inside it so far. */
  private readonly earlier: Forecast[] = [];
  private outside = 0;
  private view: RuleScript | null = null;

  constructor(private readonly outer: RuleScript) {}

  /** The script as it is to a statement inside: in one transaction with its neighbours, which came before it. */
  get script(): RuleScript {
    const { outer, earlier } = this;
    this.view ??= { ...outer, earlier, blocks: outer.blocks.map((block, index) => block ?? -1 - index) };
    return this.view;
  }

  passed(forecast: Forecast): void {
    this.earlier.push(forecast);
  }

  /** The statement itself is done, with this forecast. */
  leave(forecast: Forecast): void {
    this.earlier.length = this.outside;
    this.outside = this.earlier.push(forecast);
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
