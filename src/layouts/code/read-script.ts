import type ts from 'typescript';
import type { Direction } from '../layout';
import type { EmbeddedDirections, EmbeddedSql } from './embedded-sql';
import { readNested } from './read-nested';
import { sqlOfExpression } from './script-strings';

/** Where a tool's programs hold SQL. */
export interface SqlPlaces {
  /** Last names of functions whose first argument is SQL: `raw`, `query`. */
  calls: readonly string[];
  /** Question marks and `:name` in the SQL stand for values, as the tool binds them; `given` where there are values. */
  bindings?: true | 'given';
  /** Tags of template literals that are SQL once `execute` is called on them: `sql`. */
  tags?: readonly string[];
  /** Tags of template literals that are sent as they stand: `queryRunner.sql`. */
  sentTags?: readonly string[];
}

type TypeScript = typeof ts;

/**
 * The SQL that a migration in TypeScript or JavaScript sends by its functions or methods `up` and `down`, read with
 * the TypeScript compiler: text in strings and templates, also behind a constant of the file, and in functions of the
 * file that they call. SQL that is only an argument of something else (a default, an expression) is no statement.
 * Throws as `readNested`.
 */
export async function readScript(text: string, file: string, places: SqlPlaces): Promise<EmbeddedDirections> {
  const library = await import('typescript');
  // Bundlers and Node differ in whether a CommonJS module has a default.
  const typescript = (library.default as TypeScript | undefined) ?? library;
  return readNested(file, () => {
    const source = typescript.createSourceFile(file, text, typescript.ScriptTarget.ESNext, true);
    const program: Program = { typescript, source, names: namesOf(typescript, source), places };
    return { up: sqlOfDirection(program, 'up'), down: sqlOfDirection(program, 'down') };
  });
}

export interface Program {
  typescript: TypeScript;
  source: ts.SourceFile;
  /** What the names of the file's outermost level stand for. */
  names: ReadonlyMap<string, ts.Node>;
  places: SqlPlaces;
}

function namesOf(typescript: TypeScript, source: ts.SourceFile): Map<string, ts.Node> {
  const names = new Map<string, ts.Node>();
  for (const statement of source.statements) {
    if (typescript.isFunctionDeclaration(statement) && statement.name)
      names.set(statement.name.text, statement);
    if (!typescript.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer && typescript.isIdentifier(name)) names.set(name.text, initializer);
    }
  }
  return names;
}

function sqlOfDirection(program: Program, direction: Direction): EmbeddedSql[] | null {
  const body = findDirection(program, program.source, direction);
  if (!body || isEmpty(program, body)) return null;
  const found: EmbeddedSql[] = [];
  collect(program, body, new Set([body]), found);
  return found;
}

/** The function that `up` or `down` is: declared, assigned to the exports, a method, or a property of an object. */
function findDirection(program: Program, node: ts.Node, direction: Direction): ts.Node | null {
  const { typescript, names } = program;
  const resolved = (value: ts.Node): ts.Node | null => {
    const meant = typescript.isIdentifier(value) ? names.get(value.text) : value;
    return meant && typescript.isFunctionLike(meant) ? meant : null;
  };
  const own = ((): ts.Node | null => {
    if (typescript.isFunctionDeclaration(node)) return node.name?.text === direction ? node : null;
    if (typescript.isVariableDeclaration(node) || typescript.isPropertyAssignment(node))
      return nameOf(typescript, node.name) === direction && node.initializer
        ? resolved(node.initializer)
        : null;
    if (typescript.isPropertyDeclaration(node))
      return nameOf(typescript, node.name) === direction && node.initializer
        ? resolved(node.initializer)
        : null;
    if (typescript.isShorthandPropertyAssignment(node))
      return node.name.text === direction ? resolved(node.name) : null;
    if (typescript.isMethodDeclaration(node))
      return nameOf(typescript, node.name) === direction ? node : null;
    if (!typescript.isBinaryExpression(node) || !typescript.isPropertyAccessExpression(node.left))
      return null;
    const isAssigned = node.operatorToken.kind === typescript.SyntaxKind.EqualsToken;
    return isAssigned && node.left.name.text === direction ? resolved(node.right) : null;
  })();
  return own ?? typescript.forEachChild(node, (child) => findDirection(program, child, direction)) ?? null;
}

function nameOf(typescript: TypeScript, name: ts.Node): string | null {
  return typescript.isIdentifier(name) || typescript.isStringLiteral(name) ? name.text : null;
}

/** A direction that does nothing, or only throws, is none. */
function isEmpty({ typescript }: Program, direction: ts.Node): boolean {
  const body = (direction as ts.FunctionLikeDeclaration).body;
  if (body === undefined || !typescript.isBlock(body)) return false;
  return body.statements.every((statement) => typescript.isThrowStatement(statement));
}

/** Gathers the SQL sent below a node, and in the file's own functions that are called there. */
function collect(program: Program, node: ts.Node, seen: Set<ts.Node>, found: EmbeddedSql[]): void {
  const { typescript, names } = program;
  if (typescript.isCallExpression(node)) {
    const sql = isStatement(program, node) ? sqlOfCall(program, node) : null;
    if (sql) {
      if (!found.some((one) => one.start === sql.start)) found.push(sql);
      return;
    }
    const called = typescript.isIdentifier(node.expression) ? names.get(node.expression.text) : undefined;
    if (called && typescript.isFunctionLike(called) && !seen.has(called)) {
      seen.add(called);
      collect(program, called, seen, found);
    }
  }
  if (typescript.isTaggedTemplateExpression(node) && program.places.sentTags) {
    const sql = sqlOfTagged(program, node, program.places.sentTags);
    if (sql) found.push(sql);
  }
  typescript.forEachChild(node, (child) => collect(program, child, seen, found));
}

function sqlOfCall(program: Program, call: ts.CallExpression): EmbeddedSql | null {
  const { typescript, places } = program;
  const name = lastName(typescript, call.expression);
  if (name === null) return null;
  if (places.tags && name === 'execute' && typescript.isPropertyAccessExpression(call.expression)) {
    return sqlOfTagged(program, call.expression.expression, places.tags);
  }
  const [first, values] = call.arguments;
  if (!first || !places.calls.includes(name)) return null;
  const isBound = places.bindings === 'given' ? values !== undefined : places.bindings === true;
  return sqlOfExpression(program, first, isBound);
}

/** `sql` with a template, and `sql.raw(...)`. */
function sqlOfTagged(program: Program, node: ts.Node, tags: readonly string[]): EmbeddedSql | null {
  const { typescript } = program;
  if (typescript.isTaggedTemplateExpression(node)) {
    const name = lastName(typescript, node.tag);
    return name !== null && tags.includes(name) ? sqlOfExpression(program, node.template) : null;
  }
  if (!typescript.isCallExpression(node) || lastName(typescript, node.expression) !== 'raw') return null;
  const [first] = node.arguments;
  return first ? sqlOfExpression(program, first) : null;
}

function lastName(typescript: TypeScript, callee: ts.Node): string | null {
  if (typescript.isIdentifier(callee)) return callee.text;
  return typescript.isPropertyAccessExpression(callee) ? callee.name.text : null;
}

const gatherers = new Set(['all', 'allSettled', 'then', 'push']);

/** Whether a call is sent for itself; one that is an argument of another is part of what that sends. */
function isStatement({ typescript }: Program, call: ts.Node): boolean {
  for (let node = call; node.parent; node = node.parent) {
    const { parent } = node;
    if (typescript.isStatement(parent) || typescript.isFunctionLike(parent)) return true;
    if (typescript.isVariableDeclaration(parent)) return true;
    if (typescript.isCallExpression(parent) && parent.expression !== node) {
      const name = lastName(typescript, parent.expression);
      if (name === null || !gatherers.has(name)) return false;
    }
  }
  return true;
}
