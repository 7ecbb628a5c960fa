import { argumentsOf, type Inclusion } from './walk-template';

/** What a template asks its values for. */
interface Scope {
  /** `steps[].`; '' at the top, null where the values come from the template itself. */
  prefix: string | null;
  /** Names a partial was given by its tag. */
  given: ReadonlySet<string>;
  outer: Scope | null;
}

/**
 * The values a template uses, as paths: `plan.title`, `steps[].number`, `summary[]`. `partialOf` gives the tree of a
 * partial it includes; null: not followed.
 */
export function templateValues(
  program: hbs.AST.Program,
  partialOf: (name: string) => hbs.AST.Program | null,
  isHelper: (name: string) => boolean,
): string[] {
  const values = new Set<string>();
  const top: Scope = { prefix: '', given: new Set(), outer: null };

  const resolve = (expression: hbs.AST.Expression, scope: Scope): string | null => {
    if (expression.type !== 'PathExpression') return null;
    const { parts, depth, data } = expression as hbs.AST.PathExpression;
    let from: Scope | null = scope;
    for (let level = 0; level < depth; level += 1) from = from?.outer ?? null;
    if (data || from?.prefix === null || from === null) return null;
    if (parts.length > 0 && from.given.has(parts[0]!)) return null;
    return parts.length === 0 ? from.prefix.replace(/\.$/, '') : from.prefix + parts.join('.');
  };
  const use = (expression: hbs.AST.Expression, scope: Scope): void => {
    if (expression.type === 'SubExpression') {
      for (const argument of argumentsOf(expression as hbs.AST.SubExpression)) use(argument, scope);
    }
    const value = resolve(expression, scope);
    if (value !== null && value !== '') values.add(value);
  };
  const inner = (scope: Scope, prefix: string | null, given: string[] = []): Scope => ({
    prefix,
    given: new Set(given),
    outer: scope,
  });

  const visit = (node: hbs.AST.Node, scope: Scope): void => {
    switch (node.type) {
      case 'Program':
        for (const statement of (node as hbs.AST.Program).body) visit(statement, scope);
        return;
      case 'MustacheStatement': {
        const tag = node as hbs.AST.MustacheStatement;
        const name = (tag.path as hbs.AST.PathExpression).original;
        if (!isHelper(name)) use(tag.path, scope);
        for (const argument of argumentsOf(tag)) use(argument, scope);
        return;
      }
      case 'BlockStatement':
        block(node as hbs.AST.BlockStatement, scope);
        return;
      case 'PartialStatement':
      case 'PartialBlockStatement':
        inclusion(node as Inclusion, scope);
        return;
    }
  };
  const block = (tag: hbs.AST.BlockStatement, scope: Scope): void => {
    const name = tag.path.original;
    const own = name !== 'if' && name !== 'unless';
    const subject: hbs.AST.Expression | undefined = isHelper(name) ? tag.params[0] : tag.path;
    for (const argument of isHelper(name) ? argumentsOf(tag) : [tag.path]) use(argument, scope);
    const path = own && subject ? resolve(subject, scope) : null;
    const list = name === 'each' ? '[]' : '';
    if (path !== null && list !== '') values.delete(path);
    if (path !== null && list !== '') values.add(`${path}[]`);
    // Handlebars' types leave out that either may be missing.
    const parts = [tag.program, tag.inverse] as (hbs.AST.Program | undefined)[];
    if (parts[0]) visit(parts[0], own ? inner(scope, path === null ? null : `${path}${list}.`) : scope);
    if (parts[1]) visit(parts[1], scope);
  };
  const inclusion = (tag: Inclusion, scope: Scope): void => {
    for (const argument of argumentsOf(tag)) use(argument, scope);
    const partial = partialOf((tag.name as hbs.AST.PathExpression).original);
    if (!partial) return;
    const subject = tag.params[0];
    const prefix = subject ? resolve(subject, scope) : scope.prefix;
    const given = ((tag.hash as hbs.AST.Hash | undefined)?.pairs ?? []).map((pair) => pair.key);
    visit(partial, {
      ...scope,
      prefix: subject && prefix !== null ? `${prefix}.` : prefix,
      given: new Set(given),
    });
  };

  visit(program, top);
  // Of `plan` and `plan.title` the longer says all; the length of a list is no value of its own.
  return [...values]
    .filter((value) => !value.endsWith('.length'))
    .filter(
      (value) =>
        ![...values].some((other) => /^[.[]/.test(other.slice(value.length)) && other.startsWith(value)),
    )
    .sort();
}
