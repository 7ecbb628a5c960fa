import { allRules, findRule, pageOfRule } from '../../journey/rules';
import type { Rule } from '../../safety/rule';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';

/** Every rule in a line: id, severity, title. */
export function rulesText(): string {
  const rules = allRules();
  const width = Math.max(...rules.map((rule) => rule.id.length));
  const lines = rules.map(
    (rule) => `${rule.id.padEnd(width)}  ${(rule.optIn ? t('off') : rule.severity).padEnd(7)}  ${rule.title}`,
  );
  return [...lines, '', t('"switchback lint --explain RULE" says why, and shows how to do it safely.')].join(
    '\n',
  );
}

/** What a program may want to know of every rule. */
export function rulesJson(): unknown {
  return { rules: allRules().map(ruleJson) };
}

/** A rule's page, as text and as JSON. Throws `usage` for an id that is none. */
export function explainedRule(id: string): { text: string; json: unknown } {
  const rule = findRule(id);
  const text = pageOfRule(id);
  if (rule && text !== null) return { text, json: ruleJson(rule) };
  const near = nearest(id);
  throw new SwitchbackError(
    'usage',
    near === null
      ? t('There is no rule "{0}". "switchback lint --rules" lists them.', id)
      : t('There is no rule "{0}". Did you mean {1}? "switchback lint --rules" lists them.', id, near),
  );
}

function ruleJson({ id, title, severity, since, until, optIn, why, url }: Rule): unknown {
  return { id, title, severity, optIn: optIn ?? false, since, until, why, url };
}

/** The id that shares most words with what was typed; null where none does. */
function nearest(id: string): string | null {
  const words = id.toLowerCase().split(/[^a-z]+/);
  const isLike = (one: string, other: string): boolean =>
    one.length > 2 && other.length > 2 && (one.startsWith(other) || other.startsWith(one));
  const shared = (rule: Rule): number =>
    rule.id.split('-').filter((word) => words.some((each) => isLike(each, word))).length;
  const best = [...allRules()].sort((a, b) => shared(b) - shared(a))[0];
  return best && shared(best) > 0 ? best.id : null;
}
