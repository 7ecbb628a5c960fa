import { t } from '../../messages/translate';
import { escapeHtml } from './escape-html';
import type { FlowArrow, FlowNode, Flowchart } from './flowchart';

const lineHeight = 18;
const widthOfLetter = 7.2;
const longestLine = 48;
const padding = 14;
/** How far the sides of a question lean. */
const slant = 14;

interface Point {
  x: number;
  y: number;
}

/** A flowchart as SVG without styles of its own: the page says how its parts look. */
export async function flowchartPicture(chart: Flowchart): Promise<string> {
  const { graphlib, layout } = await import('@dagrejs/dagre');
  const drawn = new graphlib.Graph({ multigraph: true });
  drawn.setGraph({ rankdir: chart.direction, nodesep: 18, ranksep: 46, marginx: 8, marginy: 8 });
  for (const node of chart.nodes) drawn.setNode(node.id, sizeOf(node));
  for (const [index, { from, to, label }] of chart.arrows.entries())
    drawn.setEdge(from, to, { ...labelSize(label), labelpos: 'c' }, String(index));
  layout(drawn);
  const { width, height } = drawn.graph() as { width: number; height: number };
  const arrows = chart.arrows.map((arrow, index) => {
    const edge = { v: arrow.from, w: arrow.to, name: String(index) };
    const placed = drawn.edge(edge) as Partial<Point> & { points: Point[] };
    return arrowPart(arrow, placed);
  });
  const nodes = chart.nodes.map((node) => {
    const placed = drawn.node(node.id) as Point & { width: number; height: number };
    return nodePart(node, placed);
  });
  const size = `viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}"`;
  return `<svg class="flowchart" ${size} role="img" aria-label="${escapeHtml(described(chart))}">
${arrows.join('\n')}
${nodes.join('\n')}
</svg>
`;
}

/** What the picture says, for who does not see it. */
function described({ nodes, arrows }: Flowchart): string {
  const name = (id: string): string =>
    nodes
      .find((node) => node.id === id)
      ?.lines.map(shortLine)
      .join(' ') ?? id;
  const said = arrows.map(({ from, to, label }) =>
    label === null ? t('{0} to {1}', name(from), name(to)) : t('{0}, {1}: {2}', name(from), label, name(to)),
  );
  return said.join('; ');
}

function sizeOf({ lines, shape }: FlowNode): { width: number; height: number } {
  const longest = Math.max(...lines.map((line) => shortLine(line).length));
  const width = longest * widthOfLetter + 2 * padding;
  const height = lines.length * lineHeight + padding;
  return shape === 'question' ? { width: width + 2 * slant, height: height + 8 } : { width, height };
}

function labelSize(label: string | null): { width: number; height: number } {
  return label === null
    ? { width: 0, height: 0 }
    : { width: label.length * widthOfLetter + 8, height: lineHeight };
}

function arrowPart({ label, isBroken }: FlowArrow, placed: Partial<Point> & { points: Point[] }): string {
  const line = placed.points.map(
    ({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`,
  );
  const path = `<path class="flow-line${isBroken ? ' flow-broken' : ''}" d="${line.join('')}"/>`;
  const head = `<path class="flow-head" d="${headOf(placed.points)}"/>`;
  if (label === null || placed.x === undefined || placed.y === undefined) return path + head;
  const { width, height } = labelSize(label);
  const box = `<rect class="flow-ground" x="${(placed.x - width / 2).toFixed(1)}" y="${(placed.y - height / 2).toFixed(1)}" width="${width.toFixed(1)}" height="${height}"/>`;
  return `${path}${head}${box}${textPart([label], placed.x, placed.y, 'flow-label')}`;
}

/** A triangle at the end of a line, as it comes in. */
function headOf(points: readonly Point[]): string {
  const end = points.at(-1)!;
  const before = points.at(-2) ?? end;
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const along = { x: (end.x - before.x) / length, y: (end.y - before.y) / length };
  const back = { x: end.x - along.x * 9, y: end.y - along.y * 9 };
  const side = { x: -along.y * 4.5, y: along.x * 4.5 };
  const at = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${at(end.x, end.y)}L${at(back.x + side.x, back.y + side.y)}L${at(back.x - side.x, back.y - side.y)}Z`;
}

function nodePart(
  { lines, shape }: FlowNode,
  { x, y, width, height }: Point & { width: number; height: number },
): string {
  const left = (x - width / 2).toFixed(1);
  const top = (y - height / 2).toFixed(1);
  const outline =
    shape === 'question'
      ? `<path class="flow-box" d="${hexagon(x, y, width, height)}"/>`
      : `<rect class="flow-box${shape === 'round' ? ' flow-round' : ''}" x="${left}" y="${top}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" rx="${shape === 'round' ? (height / 2).toFixed(1) : 4}"/>`;
  return outline + textPart(lines, x, y, 'flow-text');
}

function hexagon(x: number, y: number, width: number, height: number): string {
  const [left, right, top, bottom] = [x - width / 2, x + width / 2, y - height / 2, y + height / 2];
  const corners = [
    [left, y],
    [left + slant, top],
    [right - slant, top],
    [right, y],
    [right - slant, bottom],
    [left + slant, bottom],
  ];
  return `M${corners.map((corner) => corner.map((value) => value.toFixed(1)).join(' ')).join('L')}Z`;
}

function textPart(lines: readonly string[], x: number, y: number, kind: string): string {
  const first = y - ((lines.length - 1) * lineHeight) / 2 + 4.5;
  const spans = lines.map((line, index) => {
    const whole = line === shortLine(line) ? '' : `<title>${escapeHtml(line)}</title>`;
    return `<tspan x="${x.toFixed(1)}" y="${(first + index * lineHeight).toFixed(1)}">${whole}${escapeHtml(shortLine(line))}</tspan>`;
  });
  return `<text class="${kind}" text-anchor="middle">${spans.join('')}</text>`;
}

/** The end of a path says more than its beginning. */
function shortLine(line: string): string {
  return line.length <= longestLine ? line : `…${line.slice(1 - longestLine)}`;
}
