const elementId = 'translations';

/** The translations of a page as an element of it, which runs nothing; `contents` is a bundle's JSON. */
export function translationsElement(contents: Readonly<Record<string, string>>): string {
  return `<script type="application/json" id="${elementId}">${JSON.stringify(contents).replaceAll('<', '\\u003c')}</script>`;
}

/** A document, as far as it is needed here. */
interface ReadPage {
  getElementById(id: string): { textContent: string | null } | null;
}

/** What `translationsElement` holds in this page; nothing where it has none. */
export function pageTranslations(page: ReadPage): Record<string, string> {
  const text = page.getElementById(elementId)?.textContent ?? '{}';
  return JSON.parse(text) as Record<string, string>;
}
