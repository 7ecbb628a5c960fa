import { graphlib, layout } from '@dagrejs/dagre';
import { t } from '../../src/messages/translate';
import type { GraphView } from '../../src/protocol/assessment-state';
import { h, type Child, type ElementNode } from '../dom/element';
import { button } from './components';

const height = 40;
const widthOfLetter = 7;
const longestLabel = 44;
const zoomStep = 1.25;

interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
}

interface Line {
  from: string;
  to: string;
  points: { x: number; y: number }[];
}

interface Placed {
  width: number;
  height: number;
  boxes: Map<string, Box>;
  lines: Line[];
}

/** What leads to the thing that changes: it stands on the left, what uses it to the right. A click opens what can be opened. */
export function dependencyGraph(graph: GraphView, open: (id: string) => void): Child {
  const placed = place(graph);
  return [
    h(
      'div',
      { key: 'graph-zoom', class: 'graph-zoom' },
      zoomButton(t('Zoom In'), zoomStep),
      zoomButton(t('Zoom Out'), 1 / zoomStep),
      button({ label: t('Fit'), appearance: 'secondary', onClick: () => setZoom(null) }),
    ),
    h(
      'div',
      {
        key: 'graph',
        class: 'graph',
        attributes: { id: 'graph', role: 'region', tabindex: 0, 'aria-label': t('Picture') },
        on: { wheel: zoomByWheel },
      },
      picture(graph, placed, open),
    ),
    h(
      'p',
      { key: 'graph-legend', class: 'quiet' },
      t('A heavy line writes, a broken one is likely but not certain. Select a box to open it.'),
      graph.note === null ? null : ` ${graph.note}`,
    ),
  ];
}

/** https://github.com/dagrejs/dagre/wiki: users to the right of what they use. */
function place(graph: GraphView): Placed {
  const drawn = new graphlib.Graph();
  drawn.setGraph({ rankdir: 'RL', nodesep: 14, ranksep: 60, marginx: 12, marginy: 12 });
  drawn.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes)
    drawn.setNode(node.id, { width: shortLabel(node.label).length * widthOfLetter + 24, height });
  for (const { from, to } of graph.arrows) drawn.setEdge(from, to, {});
  layout(drawn);
  const size = drawn.graph() as { width: number; height: number };
  return {
    width: Math.ceil(size.width),
    height: Math.ceil(size.height),
    boxes: new Map(
      graph.nodes.map(({ id }) => {
        const { x, y, width } = drawn.node(id) as { x: number; y: number; width: number };
        return [id, { id, x, y, width }];
      }),
    ),
    lines: graph.arrows.map(({ from, to }) => {
      const { points } = drawn.edge(from, to) as { points: { x: number; y: number }[] };
      return { from, to, points };
    }),
  };
}

function picture(graph: GraphView, placed: Placed, open: (id: string) => void): ElementNode {
  return h(
    'svg',
    {
      key: `picture:${placed.width}:${placed.height}`,
      attributes: {
        viewBox: `0 0 ${placed.width} ${placed.height}`,
        width: placed.width,
        height: placed.height,
        'data-width': placed.width,
        'aria-label': t('Objects and files that use it'),
        role: 'group',
      },
    },
    h(
      'defs',
      null,
      h(
        'marker',
        {
          attributes: {
            id: 'arrow',
            viewBox: '0 0 8 8',
            refX: 7,
            refY: 4,
            markerWidth: 7,
            markerHeight: 7,
            orient: 'auto-start-reverse',
          },
        },
        h('path', { class: 'graph-arrow', attributes: { d: 'M0 0 8 4 0 8z' } }),
      ),
    ),
    graph.arrows.map((arrow, index) => line(arrow, placed.lines[index]!)),
    graph.nodes.map((node) => box(node, placed.boxes.get(node.id)!, graph.subjects.includes(node.id), open)),
  );
}

function line({ writes, certain }: GraphView['arrows'][number], { from, to, points }: Line): ElementNode {
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`);
  const kinds = ['graph-line', writes ? 'graph-writes' : '', certain ? '' : 'graph-likely'];
  return h('path', {
    key: `line:${from}:${to}`,
    class: kinds.filter((kind) => kind !== '').join(' '),
    attributes: { d: path.join(''), 'marker-end': 'url(#arrow)' },
  });
}

function box(
  { id, kind, label, opens }: GraphView['nodes'][number],
  { x, y, width }: Box,
  isSubject: boolean,
  open: (id: string) => void,
): ElementNode {
  const left = x - width / 2;
  const top = y - height / 2;
  return h(
    'g',
    {
      key: `box:${id}`,
      class: `graph-box${isSubject ? ' graph-subject' : ''}${opens ? ' graph-opens' : ''}`,
      attributes: opens ? { tabindex: 0, role: 'button' } : {},
      on: opens ? { click: () => open(id), keydown: (event) => openByKey(event, id, open) } : {},
    },
    h(
      'rect',
      { attributes: { x: left, y: top, width, height, rx: 4 } },
      label.length > longestLabel ? h('title', null, label) : null,
    ),
    h('text', { class: 'graph-kind', attributes: { x: left + 12, y: top + 15 } }, kind),
    h('text', { attributes: { x: left + 12, y: top + 31 } }, shortLabel(label)),
  );
}

function openByKey(event: Event, id: string, open: (id: string) => void): void {
  const { key } = event as KeyboardEvent;
  if (key !== 'Enter' && key !== ' ') return;
  event.preventDefault();
  open(id);
}

/** The end of a path says more than its beginning. */
function shortLabel(label: string): string {
  if (label.length <= longestLabel) return label;
  return `…${label.slice(1 - longestLabel)}`;
}

function zoomButton(label: string, factor: number): ElementNode {
  return button({ label, appearance: 'secondary', onClick: () => setZoom(factor) });
}

function zoomByWheel(event: Event): void {
  const { ctrlKey, metaKey, deltaY } = event as WheelEvent;
  if (!ctrlKey && !metaKey) return;
  event.preventDefault();
  setZoom(deltaY < 0 ? zoomStep : 1 / zoomStep);
}

/** How large it is shown is the page's own: the host need not know. null: as wide as there is room for. */
function setZoom(factor: number | null): void {
  const svg = document.querySelector<SVGElement>('#graph svg');
  const room = svg?.parentElement?.clientWidth;
  if (!svg || room === undefined) return;
  const natural = Number(svg.getAttribute('data-width'));
  const shown = svg.getBoundingClientRect().width;
  const wanted = factor === null ? Math.min(room, natural) : shown * factor;
  svg.style.width = `${Math.min(Math.max(wanted, natural / 5), natural * 4)}px`;
  svg.style.height = 'auto';
}
