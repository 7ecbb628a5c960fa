/** What a changelog in XML, YAML or JSON holds, in its order. */
export type ChangelogEntry =
  | { kind: 'include' | 'include-all'; path: string; relative: boolean }
  | { kind: 'changeset'; id: string; author: string };

/** The entries of a changelog; none where the text is no changelog, or cannot be read as one. */
export async function changelogEntries(file: string, text: string): Promise<ChangelogEntry[]> {
  if (!text.includes('databaseChangeLog')) return [];
  if (/\.xml$/i.test(file)) return entriesOfXml(text);
  try {
    const { parse } = await import('yaml');
    return entriesOf(parse(text) as unknown);
  } catch {
    // The tool says what is wrong with it; here it names no file.
    return [];
  }
}

const element = /<(?:\w+:)?(include|includeAll|changeSet)\b([^<>]*)>/g;

function entriesOfXml(text: string): ChangelogEntry[] {
  const found: ChangelogEntry[] = [];
  for (const [, name, attributes] of text.replace(/<!--[^]*?(?:-->|$)/g, '').matchAll(element)) {
    const value = (attribute: string): string | null =>
      unescaped(new RegExp(`(?:^|\\s)${attribute}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes!));
    found.push(
      ...entryOf(name!, {
        file: value('file'),
        path: value('path'),
        relativeToChangelogFile: value('relativeToChangelogFile'),
        id: value('id'),
        author: value('author'),
      }),
    );
  }
  return found;
}

function unescaped(match: RegExpExecArray | null): string | null {
  const value = match?.[1] ?? match?.[2] ?? null;
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return value?.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name]!) ?? null;
}

function entriesOf(document: unknown): ChangelogEntry[] {
  const list = isRecord(document) ? document['databaseChangeLog'] : null;
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).flatMap((item) =>
    isRecord(item)
      ? Object.entries(item).flatMap(([name, value]) => (isRecord(value) ? entryOf(name, value) : []))
      : [],
  );
}

function entryOf(name: string, values: Record<string, unknown>): ChangelogEntry[] {
  const relative = String(values['relativeToChangelogFile']) === 'true';
  const text = (key: string): string | null => {
    const value = values[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const [file, folder, id, author] = [text('file'), text('path'), text('id'), text('author')];
  if (name === 'include' && file !== null) return [{ kind: 'include', path: file, relative }];
  if (name === 'includeAll' && folder !== null) return [{ kind: 'include-all', path: folder, relative }];
  if (name === 'changeSet' && id !== null && author !== null) return [{ kind: 'changeset', id, author }];
  return [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
