import type { parser } from '@lezer/python';

/** A node of a parsed program. */
export type PythonNode = ReturnType<(typeof parser)['parse']>['topNode'];

/** A program in Python, parsed. */
export interface PythonProgram {
  source: string;
  root: PythonNode;
  /** What the names of the module stand for: values that were given, and functions. */
  names: ReadonlyMap<string, PythonNode>;
}

/** A call in a program: what is called by its last name, and its arguments by their place and name. */
export interface PythonCall {
  name: string;
  node: PythonNode;
  /** Those without a name. */
  positional: PythonNode[];
  named: ReadonlyMap<string, PythonNode>;
}

/** Parses a program; what it cannot read is passed over. */
export async function readPython(source: string): Promise<PythonProgram> {
  const { parser } = await import('@lezer/python');
  const root = parser.parse(source).topNode;
  const names = new Map<string, PythonNode>();
  for (const statement of childrenOf(root)) {
    const inner = statement.name === 'DecoratedStatement' ? statement.lastChild : statement;
    const named = inner && inner.name === 'FunctionDefinition' ? nameOf(source, inner) : null;
    if (named !== null) names.set(named, inner!);
    const assigned = assignment(source, statement);
    if (assigned) names.set(assigned.name, assigned.value);
  }
  return { source, root, names };
}

/** The children of a node, without comments. */
export function childrenOf(node: PythonNode): PythonNode[] {
  const children: PythonNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

export function pythonText(source: string, { from, to }: PythonNode): string {
  return source.slice(from, to);
}

/** The name that `x = value` or `x: type = value` gives, with the value; null for another statement. */
export function assignment(source: string, node: PythonNode): { name: string; value: PythonNode } | null {
  if (node.name !== 'AssignStatement') return null;
  const [target] = childrenOf(node);
  const value = node.lastChild;
  if (target?.name !== 'VariableName' || !value || value.name === 'AssignOp' || value === target) return null;
  return { name: pythonText(source, target), value };
}

function nameOf(source: string, definition: PythonNode): string | null {
  const name = definition.getChild('VariableName');
  return name && pythonText(source, name);
}

/** A call by the last name of what is called; null for what is none. */
export function callOf(source: string, node: PythonNode): PythonCall | null {
  if (node.name !== 'CallExpression') return null;
  const callee = node.firstChild;
  const last = callee?.name === 'MemberExpression' ? callee.lastChild : callee;
  const list = node.getChild('ArgList');
  if (!last || !list) return null;
  const positional: PythonNode[] = [];
  const named = new Map<string, PythonNode>();
  const parts = childrenOf(list).filter(({ name }) => !['(', ')', ','].includes(name));
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!;
    if (parts[index + 1]?.name === 'AssignOp' && parts[index + 2]) {
      named.set(pythonText(source, part), parts[index + 2]!);
      index += 2;
    } else positional.push(part);
  }
  return { name: pythonText(source, last), node, positional, named };
}
