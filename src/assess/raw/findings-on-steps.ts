import { t } from '../../messages/translate';
import { cloneKnownSchema, type KnownSchema } from '../../safety/known-schema';
import { lintScript } from '../../safety/lint';
import type { RawStep } from '../change-facts';
import type { Look } from '../changes/change-type';

/** What Switchback's own rules say of the steps, each as it will stand in a file of its own, with the way out. */
export function findingsOnSteps(
  steps: readonly RawStep[],
  before: KnownSchema,
  { session, parser }: Pick<Look, 'session' | 'parser'>,
): string[] {
  const schema = cloneKnownSchema(before);
  return steps.flatMap((step) => {
    const { findings } = lintScript(parser, {
      path: '',
      sql: step.statements.map((statement) => `${statement};\n`).join('\n'),
      offset: 0,
      direction: 'up',
      transaction: step.alone ? 'none' : 'wrapped',
      schema,
      schemaIsOurs: true,
      serverMajor: session.facts.major,
      levels: {},
      plan: {
        kind: 'step',
        plan: '',
        phase: step.leaves ? 'contract' : 'expand',
        deprecationDays: 1,
        timed: true,
      },
    });
    return findings.map(({ rule, message }) =>
      t(
        '{0} ({1}) Plan that by its own recipe or write it safely; where it is meant, put "-- switchback:ignore {1}" with the reason on a line before it.',
        message,
        rule,
      ),
    );
  });
}
