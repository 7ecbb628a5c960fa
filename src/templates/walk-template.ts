/** A tag that may call a helper. */
export type Call = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

/** A tag that includes a partial. */
export type Inclusion = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;

export interface TemplateVisitor {
  call?(call: Call): void;
  inclusion?(inclusion: Inclusion): void;
  /** `{{#*inline "name"}}`: a partial inside the template. */
  inline?(name: string): void;
}

/** Shows a visitor every tag of a template, outer ones first. */
export function walkTemplate(node: hbs.AST.Node, visitor: TemplateVisitor): void {
  const into = (child: hbs.AST.Node | undefined | null): void => {
    if (child) walkTemplate(child, visitor);
  };
  switch (node.type) {
    case 'Program':
      (node as hbs.AST.Program).body.forEach(into);
      return;
    case 'MustacheStatement':
    case 'SubExpression':
    case 'BlockStatement': {
      const call = node as Call;
      visitor.call?.(call);
      argumentsOf(call).forEach(into);
      if (call.type === 'BlockStatement') {
        into(call.program);
        into(call.inverse);
      }
      return;
    }
    case 'PartialStatement':
    case 'PartialBlockStatement': {
      const inclusion = node as Inclusion;
      visitor.inclusion?.(inclusion);
      argumentsOf(inclusion).forEach(into);
      if (inclusion.type === 'PartialBlockStatement') into(inclusion.program);
      return;
    }
    case 'DecoratorBlock': {
      const block = node as hbs.AST.DecoratorBlock;
      const name = block.params[0];
      if (name?.type === 'StringLiteral') visitor.inline?.((name as hbs.AST.StringLiteral).value);
      into(block.program);
      return;
    }
  }
}

/** Values and options that a tag is given. */
export function argumentsOf(tag: Call | Inclusion): hbs.AST.Expression[] {
  // The parser leaves `hash` out where there are no options, whatever its types say.
  const hash = tag.hash as hbs.AST.Hash | undefined;
  return [...tag.params, ...(hash?.pairs ?? []).map((pair) => pair.value)];
}

/** The first place in a template that asks for a value of this name. */
export function findPath(program: hbs.AST.Program, name: string): hbs.AST.PathExpression | null {
  const found: hbs.AST.PathExpression[] = [];
  const look = (expression: hbs.AST.Expression): void => {
    if (expression.type !== 'PathExpression') return;
    const asked = expression as hbs.AST.PathExpression;
    if (!asked.data && asked.parts.includes(name)) found.push(asked);
  };
  walkTemplate(program, {
    call: (call) => [call.path, ...argumentsOf(call)].forEach(look),
    inclusion: (inclusion) => argumentsOf(inclusion).forEach(look),
  });
  return found[0] ?? null;
}
