import type { RuleContext } from '../rule';

/** The same reading of a statement, done once however many rules ask for it. */
export function oncePerStatement<Result>(
  read: (context: RuleContext) => Result,
): (context: RuleContext) => Result {
  const readings = new WeakMap<RuleContext, Result>();
  return (context) => {
    let reading = readings.get(context);
    if (reading === undefined) {
      reading = read(context);
      readings.set(context, reading);
    }
    return reading;
  };
}
