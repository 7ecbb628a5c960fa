/** A flowchart as Mermaid writes it: https://mermaid.js.org/syntax/flowchart.html, as far as our documents use it. */
export interface Flowchart {
  direction: 'LR' | 'RL' | 'TB' | 'BT';
  nodes: FlowNode[];
  arrows: FlowArrow[];
}

export interface FlowNode {
  id: string;
  /** Lines of its label. */
  lines: string[];
  shape: 'box' | 'round' | 'question';
}

export interface FlowArrow {
  from: string;
  to: string;
  label: string | null;
  isBroken: boolean;
}

const shapes = [
  { opening: '([', closing: '])', shape: 'round' },
  { opening: '[', closing: ']', shape: 'box' },
  { opening: '(', closing: ')', shape: 'round' },
  { opening: '{', closing: '}', shape: 'question' },
] as const;

/** More than a page shows is no picture. */
const mostNodes = 200;

/** Reads a flowchart; null where something in it is not known here, so that nobody sees half of it. */
export function readFlowchart(text: string): Flowchart | null {
  const [head, ...lines] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('%%'));
  const direction = /^(?:flowchart|graph) (LR|RL|TB|TD|BT)$/.exec(head ?? '')?.[1];
  if (direction === undefined) return null;
  const nodes = new Map<string, FlowNode>();
  const arrows: FlowArrow[] = [];
  for (const line of lines) {
    if (!readLine(line, nodes, arrows)) return null;
  }
  if (nodes.size === 0 || nodes.size > mostNodes) return null;
  return {
    direction: direction === 'TD' ? 'TB' : (direction as Flowchart['direction']),
    nodes: [...nodes.values()],
    arrows,
  };
}

function readLine(line: string, nodes: Map<string, FlowNode>, arrows: FlowArrow[]): boolean {
  const first = readNode(line, nodes);
  if (first === null) return false;
  if (first.rest === '') return true;
  const arrow = readArrow(first.rest);
  if (!arrow) return false;
  const second = readNode(first.rest.slice(arrow.length), nodes);
  if (second === null || second.rest !== '') return false;
  const { label, isBroken } = arrow;
  const words = label === null ? null : linesOf(label).join(' ');
  arrows.push({ from: first.id, to: second.id, label: words, isBroken });
  return true;
}

/** An arrow at the beginning of a text: `-->`, `-.->`, either with `|words|` behind it, or `-- words -->`. */
function readArrow(text: string): { length: number; label: string | null; isBroken: boolean } | null {
  const plain = /^(-\.->|-->)(?:\s*\|([^|]*)\|)?\s*/.exec(text);
  if (plain) return { length: plain[0].length, label: plain[2] ?? null, isBroken: plain[1] === '-.->' };
  // Words and the blanks around them in one expression would be tried in every split of them.
  const head = /^--\s/.test(text) ? /\s-->\s*/.exec(text) : null;
  const label = head && text.slice(2, head.index).trim();
  return head && label ? { length: head.index + head[0].length, label, isBroken: false } : null;
}

/** A node at the beginning of a text, with what stands behind it; known from then on. */
function readNode(text: string, nodes: Map<string, FlowNode>): { id: string; rest: string } | null {
  const id = /^[A-Za-z][A-Za-z0-9_]*/.exec(text)?.[0];
  if (id === undefined) return null;
  const after = text.slice(id.length);
  const kind = shapes.find(({ opening }) => after.startsWith(opening));
  if (!kind) {
    if (!nodes.has(id)) nodes.set(id, { id, lines: [id], shape: 'box' });
    return { id, rest: after.trim() };
  }
  const inside = after.slice(kind.opening.length);
  // A label in quotes has no quote in it, and may have brackets.
  const quoted = /^"([^"]*)"/.exec(inside);
  const end = quoted ? quoted[0].length : inside.indexOf(kind.closing);
  if (end < 0 || !inside.startsWith(kind.closing, end)) return null;
  const label = quoted ? quoted[1]! : inside.slice(0, end);
  nodes.set(id, { id, lines: linesOf(label), shape: kind.shape });
  return { id, rest: inside.slice(end + kind.closing.length).trim() };
}

function linesOf(label: string): string[] {
  return label.split(/<br\s*\/?>/).map((line) => line.replace(/#(\d+);/g, characterOf).trim());
}

function characterOf(whole: string, number: string): string {
  const point = Number(number);
  return point > 31 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
}
