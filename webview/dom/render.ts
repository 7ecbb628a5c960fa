import type { Child, ElementNode } from './element';
import { h } from './element';

/** An element in the page with the value it was made from. */
interface Mounted {
  node: ElementNode | string;
  dom: Element | Text;
  children: Mounted[];
}

/**
 * Gives a function that makes a container show the given children. It changes only what differs from
 * the time before, so that focus, scrolling, open sections and half-typed text stay.
 */
export function createView(container: Element): (...children: Child[]) => void {
  let mounted: Mounted[] | null = null;
  return (...children) => {
    const next = h('root', null, ...children).children;
    if (mounted === null) container.replaceChildren();
    mounted = patchChildren(container, mounted ?? [], next);
  };
}

function patchChildren(
  parent: Element,
  before: Mounted[],
  next: readonly (ElementNode | string)[],
): Mounted[] {
  const pool = [...before];
  const matches = next.map((node) => {
    const index = pool.findIndex((candidate) => isSame(candidate.node, node));
    return index === -1 ? null : pool.splice(index, 1)[0]!;
  });
  for (const leftover of pool) leftover.dom.remove();
  let cursor = parent.firstChild;
  return next.map((node, index) => {
    const match = matches[index];
    const mounted = match ? patch(match, node) : create(node, parent.namespaceURI);
    if (mounted.dom === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(mounted.dom, cursor);
    return mounted;
  });
}

function isSame(before: ElementNode | string, next: ElementNode | string): boolean {
  if (typeof before === 'string' || typeof next === 'string') return typeof before === typeof next;
  return before.tag === next.tag && before.key === next.key;
}

function create(node: ElementNode | string, namespace: string | null): Mounted {
  if (typeof node === 'string') return { node, dom: document.createTextNode(node), children: [] };
  const space = node.tag === 'svg' ? 'http://www.w3.org/2000/svg' : namespace;
  const dom = document.createElementNS(space, node.tag);
  const mounted: Mounted = { node, dom, children: [] };
  for (const [name, value] of Object.entries(node.attributes)) setAttribute(dom, name, value);
  for (const type of Object.keys(node.on)) listen(mounted, type);
  mounted.children = patchChildren(dom, [], node.children);
  for (const [name, value] of Object.entries(node.properties)) setProperty(dom, name, value);
  return mounted;
}

function patch(mounted: Mounted, next: ElementNode | string): Mounted {
  const before = mounted.node;
  mounted.node = next;
  if (typeof next === 'string' || typeof before === 'string') {
    if (next !== before) mounted.dom.textContent = next as string;
    return mounted;
  }
  const dom = mounted.dom as Element;
  for (const name of Object.keys(before.attributes)) {
    if (!(name in next.attributes)) setAttribute(dom, name, null);
  }
  for (const [name, value] of Object.entries(next.attributes)) {
    if (before.attributes[name] !== value) setAttribute(dom, name, value);
  }
  for (const type of Object.keys(next.on)) {
    if (!(type in before.on)) listen(mounted, type);
  }
  mounted.children = patchChildren(dom, mounted.children, next.children);
  for (const [name, value] of Object.entries(next.properties)) {
    if (before.properties[name] !== value) setProperty(dom, name, value);
  }
  return mounted;
}

/** One listener per type for the element's life; it calls whatever the newest value holds. */
function listen(mounted: Mounted, type: string): void {
  mounted.dom.addEventListener(type, (event) => {
    if (typeof mounted.node !== 'string') mounted.node.on[type]?.(event);
  });
}

function setAttribute(dom: Element, name: string, value: string | number | boolean | null): void {
  if (value === null || value === false) dom.removeAttribute(name);
  else dom.setAttribute(name, value === true ? '' : String(value));
}

function setProperty(dom: Element, name: string, value: string | number | boolean): void {
  const target = dom as unknown as Record<string, unknown>;
  if (target[name] !== value) target[name] = value;
}
