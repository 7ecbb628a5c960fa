/** One element of the page as a value. Rendering the same value again changes nothing in the page. */
export interface ElementNode {
  tag: string;
  /** Keeps an element's identity among its siblings. */
  key: string | null;
  attributes: Readonly<Record<string, string | number | boolean | null>>;
  /** Set on the element itself: `value`, `checked`. */
  properties: Readonly<Record<string, string | number | boolean>>;
  on: Readonly<Record<string, (event: Event) => void>>;
  children: readonly (ElementNode | string)[];
}

export type Child = ElementNode | string | null | false | undefined | readonly Child[];

export interface ElementOptions {
  key?: string;
  class?: string;
  attributes?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  properties?: Readonly<Record<string, string | number | boolean>>;
  on?: Readonly<Record<string, (event: Event) => void>>;
}

/** Describes an element; false, null and undefined children are left out, lists are flattened. */
export function h(tag: string, options: ElementOptions | null = null, ...children: Child[]): ElementNode {
  const attributes: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(options?.attributes ?? {})) attributes[name] = value ?? null;
  if (options?.class) attributes['class'] = options.class;
  return {
    tag,
    key: options?.key ?? null,
    attributes,
    properties: options?.properties ?? {},
    on: options?.on ?? {},
    children: flatten(children),
  };
}

function flatten(children: readonly Child[]): (ElementNode | string)[] {
  const flat: (ElementNode | string)[] = [];
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === '') continue;
    if (Array.isArray(child)) flat.push(...flatten(child as readonly Child[]));
    else flat.push(child as ElementNode | string);
  }
  return flat;
}
