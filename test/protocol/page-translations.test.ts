import assert from 'node:assert/strict';
import { pageTranslations, translationsElement } from '../../src/protocol/page-translations';

/** A page that has this element and no other. */
function pageOf(html: string): Parameters<typeof pageTranslations>[0] {
  const text = /^<script type="application\/json" id="translations">([^<]*)<\/script>$/.exec(html)?.[1];
  assert.ok(text !== undefined, html);
  return { getElementById: (id) => (id === 'translations' ? { textContent: text } : null) };
}

describe('translations of a page', () => {
  it('arrive as they are, whatever they say', () => {
    const contents = {
      'Opening the plan…': 'Plan öffnen…',
      '</script><script>alert(1)': '<!-- "{0}" \\ \u2028',
    };
    assert.deepEqual(pageTranslations(pageOf(translationsElement(contents))), contents);
  });

  it('are none where the page has none', () => {
    assert.deepEqual(pageTranslations({ getElementById: () => null }), {});
  });
});
