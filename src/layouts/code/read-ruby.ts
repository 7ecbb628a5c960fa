import type { EmbeddedDirections, EmbeddedSql } from './embedded-sql';
import { readRuby, type RubyNode } from './ruby-tree';
import { besides, sqlOfPieces, type StringPiece } from './string-pieces';

/** Methods of a migration and of its connection whose first argument is SQL. */
const senders = new Set(['execute', 'exec_query', 'exec_update', 'exec_delete', 'exec_insert']);

/**
 * The SQL that a migration of Active Record sends by `up` and `down`, or by `change` in either direction:
 * https://guides.rubyonrails.org/active_record_migrations.html. What `change` sends outside of `reversible` and
 * `up_only` cannot be taken back.
 */
export async function readRubyMigration(source: string): Promise<EmbeddedDirections> {
  const root = await readRuby(source);
  const program: Program = { source, methods: new Map(), constants: new Map() };
  index(root, program);
  const change = program.methods.get('change');
  if (change) return directionsOfChange(program, change);
  return { up: directionOf(program, 'up'), down: directionOf(program, 'down') };
}

interface Program {
  source: string;
  methods: Map<string, RubyNode>;
  /** What constants and local variables were given. */
  constants: Map<string, RubyNode>;
}

function index(node: RubyNode, program: Program): void {
  const { name, value } = node.own;
  if (name !== undefined) {
    if (node.type === 'DefNode') program.methods.set(name.replace(/^self\./, ''), node);
    else if (/^(Constant|LocalVariable)WriteNode$/.test(node.type) && value)
      program.constants.set(name, value);
  }
  for (const child of node.children) index(child, program);
}

function directionOf(program: Program, name: string): EmbeddedSql[] | null {
  const body = program.methods.get(name)?.own.body;
  if (!body || raises(body)) return null;
  const found = new Found(program, null);
  found.walk(body);
  return found.sql;
}

/** A body that only raises takes nothing back. */
function raises(body: RubyNode): boolean {
  const statements = body.type === 'StatementsNode' ? body.children : [body];
  return statements.length > 0 && statements.every(({ own }) => own.name === 'raise');
}

function directionsOfChange(program: Program, change: RubyNode): EmbeddedDirections {
  const { body } = change.own;
  const up = new Found(program, 'up');
  const down = new Found(program, 'down');
  if (body) for (const found of [up, down]) found.walk(body);
  return { up: up.sql, down: down.isOneWay ? null : down.sql };
}

/** Gathers the SQL sent below a node; of `change`, in one direction. */
class Found {
  readonly sql: EmbeddedSql[] = [];
  /** It sends what `change` does not know a way back from. */
  isOneWay = false;
  private readonly seen = new Set<string>();

  constructor(
    private readonly program: Program,
    private readonly direction: 'up' | 'down' | null,
  ) {}

  walk(node: RubyNode, isChosen = this.direction === null): void {
    if (node.type === 'CallNode' && this.call(node, isChosen)) return;
    for (const child of node.children) this.walk(child, isChosen);
  }

  /** Whether the call was dealt with. */
  private call(node: RubyNode, isChosen: boolean): boolean {
    const { name, block, receiver } = node.own;
    if (name === undefined) return false;
    if (this.direction !== null && !isChosen) {
      // `dir.up { ... }` in `reversible`, and `up_only { ... }`.
      const side = receiver && block ? name : name === 'up_only' ? 'up' : null;
      if (block && (side === 'up' || side === 'down')) {
        if (side === this.direction) this.walk(block, true);
        return true;
      }
    }
    if (senders.has(name)) {
      const sql = this.sqlOf(node.own.arguments[0]);
      if (!isChosen) this.isOneWay = true;
      if (sql && (isChosen || this.direction === 'up')) {
        if (!this.sql.some(({ start }) => start === sql.start)) this.sql.push(sql);
        return true;
      }
      return !isChosen;
    }
    const called = receiver ? undefined : this.program.methods.get(name);
    if (called?.own.body && !this.seen.has(name)) {
      this.seen.add(name);
      this.walk(called.own.body, isChosen);
    }
    return false;
  }

  private sqlOf(argument: RubyNode | undefined): EmbeddedSql | null {
    const pieces = argument && piecesOf(this.program, argument, new Set());
    return pieces ? sqlOfPieces(this.program.source, pieces) : null;
  }
}

/** The pieces of a string, of several put together, of a constant that holds one, or of one that a method is called on. */
function piecesOf(program: Program, node: RubyNode, seen: Set<string>): StringPiece[] | null {
  const { content, parts, name, receiver, arguments: given } = node.own;
  switch (node.type) {
    case 'StringNode':
      return content ? [{ kind: kindOf(node.own.opening), ...content }] : null;
    case 'InterpolatedStringNode':
      return parts.flatMap((part): StringPiece[] => partOf(part, node.own.opening));
    case 'ParenthesesNode':
    case 'StatementsNode':
      return node.children.length === 1 ? piecesOf(program, node.children[0]!, seen) : null;
    case 'ConstantReadNode':
    case 'LocalVariableReadNode': {
      const value = name !== undefined && !seen.has(name) ? program.constants.get(name) : undefined;
      return value ? piecesOf(program, value, seen.add(name!)) : null;
    }
    case 'CallNode': {
      const on = receiver && piecesOf(program, receiver, seen);
      if (name === '+' || name === '<<')
        return receiver && given[0] ? sumOf(receiver, given[0], program, seen) : null;
      // `text.squish`, `text.strip`, `text.freeze`, `text % values`
      if (on) return on;
      return receiver || given.length !== 1 ? null : piecesOf(program, given[0]!, seen);
    }
    default:
      return null;
  }
}

function sumOf(
  leftNode: RubyNode,
  rightNode: RubyNode,
  program: Program,
  seen: Set<string>,
): StringPiece[] | null {
  const left = ownPieces(program, leftNode, seen);
  const right = ownPieces(program, rightNode, seen);
  return left || right ? besides(left ?? [valueOf(leftNode)], right ?? [valueOf(rightNode)]) : null;
}

/** Pieces that are written in the node itself: what a name stands for is elsewhere, and is a value here. */
function ownPieces(program: Program, node: RubyNode, seen: Set<string>): StringPiece[] | null {
  const pieces = piecesOf(program, node, new Set(seen));
  return pieces?.every(({ start }) => start >= node.start) ? pieces : null;
}

function valueOf({ start, end }: RubyNode): StringPiece {
  return { kind: 'value', start, end };
}

function partOf(part: RubyNode, opening: string | undefined): StringPiece[] {
  if (part.type === 'StringNode' && part.own.content)
    return [{ kind: kindOf(part.own.opening ?? opening), ...part.own.content }];
  if (part.type === 'InterpolatedStringNode')
    return part.own.parts.flatMap((inner) => partOf(inner, part.own.opening));
  return [valueOf(part)];
}

/** https://docs.ruby-lang.org/en/master/syntax/literals_rdoc.html#label-Strings */
function kindOf(opening: string | undefined): StringPiece['kind'] {
  if (opening === undefined) return 'escaped';
  if (/^<<[~-]?'|^%q/.test(opening)) return 'raw';
  return opening === "'" ? 'quoted' : 'escaped';
}
