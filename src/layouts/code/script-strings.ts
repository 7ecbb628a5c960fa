import type ts from 'typescript';
import { blank, gap, type EmbeddedSql } from './embedded-sql';
import type { Program } from './read-script';
import { stringText } from './string-text';

/**
 * The SQL that an expression says: a string, a template, several put together, or a constant of the file that holds
 * one. Null where it is nothing of these.
 */
export function sqlOfExpression(
  program: Program,
  expression: ts.Node,
  isBound = program.places.bindings === true,
): EmbeddedSql | null {
  const meant = resolve(program, expression);
  const pieces = meant && piecesOf(program, meant);
  if (!meant || !pieces?.some((piece) => piece.kind === 'text')) return null;
  const { text } = program.source;
  const start = pieces[0]!.start;
  const end = pieces.at(-1)!.end;
  let place = start;
  const parts: string[] = [];
  for (const piece of pieces) {
    parts.push(blank(text.slice(place, piece.start)));
    const written = text.slice(piece.start, piece.end);
    parts.push(piece.kind === 'text' ? stringText(written) : gap(written));
    place = piece.end;
  }
  const sql = parts.join('');
  // The sign that closes the string is where the statement ends.
  return { start, end: end + 1, text: `${isBound ? withoutBindings(sql) : sql};` };
}

/** A stretch of a string's text, or of a value that is put into it. */
interface StringPiece {
  kind: 'text' | 'value';
  start: number;
  end: number;
}

function resolve(program: Program, node: ts.Node): ts.Node | null {
  const { typescript, names } = program;
  if (typescript.isParenthesizedExpression(node) || typescript.isAsExpression(node))
    return resolve(program, node.expression);
  if (typescript.isIdentifier(node)) {
    const value = names.get(node.text) ?? localValue(program, node);
    return value && value !== node ? resolve(program, value) : null;
  }
  if (typescript.isTaggedTemplateExpression(node)) return node.template;
  if (typescript.isObjectLiteralExpression(node)) return textProperty(program, node);
  if (!typescript.isCallExpression(node)) return node;
  // `text.trim()`, `lines.join()`, `dedent(text)`
  if (typescript.isPropertyAccessExpression(node.expression) && node.arguments.every(isPlain(program)))
    return resolve(program, node.expression.expression);
  return node.arguments.length === 1 ? resolve(program, node.arguments[0]!) : null;
}

function isPlain({ typescript }: Program): (node: ts.Node) => boolean {
  return (node) => typescript.isStringLiteral(node) || typescript.isRegularExpressionLiteral(node);
}

/** What a name inside a function was given where it was declared. */
function localValue({ typescript }: Program, name: ts.Identifier): ts.Node | null {
  const within = (node: ts.Node): ts.Node | undefined => {
    if (typescript.isVariableDeclaration(node) && typescript.isIdentifier(node.name)) {
      if (node.name.text === name.text && node.initializer) return node.initializer;
    }
    return typescript.forEachChild(node, within);
  };
  for (let node: ts.Node = name; node.parent; node = node.parent) {
    if (!typescript.isFunctionLike(node)) continue;
    const found = within(node);
    if (found) return found;
  }
  return null;
}

function textProperty(program: Program, node: ts.ObjectLiteralExpression): ts.Node | null {
  const { typescript } = program;
  for (const property of node.properties) {
    if (!typescript.isPropertyAssignment(property) || !typescript.isIdentifier(property.name)) continue;
    if (['text', 'sql', 'query'].includes(property.name.text)) return resolve(program, property.initializer);
  }
  return null;
}

function piecesOf(program: Program, node: ts.Node): StringPiece[] | null {
  const { typescript, source } = program;
  const inside = (part: ts.Node, before: number, behind: number): StringPiece => ({
    kind: 'text',
    start: part.getStart(source) + before,
    end: part.getEnd() - behind,
  });
  if (typescript.isStringLiteralLike(node)) return [inside(node, 1, 1)];
  if (typescript.isTemplateExpression(node)) {
    const pieces = [inside(node.head, 1, 2)];
    for (const { literal } of node.templateSpans) {
      const isLast = typescript.isTemplateTail(literal);
      const start = literal.getStart(source) + 1;
      pieces.push({ kind: 'value', start: pieces.at(-1)!.end, end: start });
      pieces.push(inside(literal, 1, isLast ? 1 : 2));
    }
    return pieces;
  }
  if (typescript.isArrayLiteralExpression(node))
    return joined(node.elements.map((one) => piecesOf(program, one)));
  if (typescript.isBinaryExpression(node) && node.operatorToken.kind === typescript.SyntaxKind.PlusToken) {
    const left = piecesOf(program, node.left) ?? [valueOf(program, node.left)];
    const right = piecesOf(program, node.right) ?? [valueOf(program, node.right)];
    return withSigns(left, right);
  }
  return typescript.isParenthesizedExpression(node) ? piecesOf(program, node.expression) : null;
}

function valueOf({ source }: Program, node: ts.Node): StringPiece {
  return { kind: 'value', start: node.getStart(source), end: node.getEnd() };
}

function joined(elements: readonly (StringPiece[] | null)[]): StringPiece[] | null {
  return elements.includes(null) ? null : (elements as StringPiece[][]).flat();
}

/** A value between two strings takes the quotes and plus signs around it too: so there is room for what stands for it. */
function withSigns(left: StringPiece[], right: StringPiece[]): StringPiece[] {
  const last = left.at(-1)!;
  const first = right[0]!;
  if (last.kind === 'text' && first.kind === 'value') first.start = last.end;
  else if (last.kind === 'value' && first.kind === 'text') last.end = first.start;
  return [...left, ...right];
}

/** Question marks and names that values are bound to, as the parser knows such: `?` a value, `??` and `:name:` a name. */
function withoutBindings(sql: string): string {
  return sql.replace(/(?<!:)(:[A-Za-z_]\w*):(?!:)/g, '$1 ').replace(/\\ ?\?|\?\??/g, (sign) => {
    if (sign.startsWith('\\')) return '?'.padStart(sign.length);
    return sign === '??' ? ':x' : '0';
  });
}
