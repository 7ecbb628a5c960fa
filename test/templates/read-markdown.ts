import MarkdownIt from 'markdown-it';

/** A token of markdown-it, by what tests look at. */
export interface MarkdownToken {
  type: string;
  /** The element: `h2`. */
  tag: string;
  content: string;
  info: string;
  children: MarkdownToken[] | null;
  /** First line and the one after the last, from 0. */
  map: [number, number] | null;
}

/** Markdown as a reader with tables, strike-through and HTML sees it: what data must not turn into is switched on. */
export function readMarkdown(markdown: string): MarkdownToken[] {
  return new MarkdownIt({ html: true, linkify: false }).parse(markdown, {});
}

/** The text a reader sees of an inline token; `<br>` is a line break. */
export function shownText(inline: MarkdownToken): string {
  return (inline.children ?? [])
    .map((child) => {
      switch (child.type) {
        case 'text':
        case 'text_special':
        case 'code_inline':
          return child.content;
        case 'softbreak':
        case 'hardbreak':
          return '\n';
        case 'html_inline':
          return child.content === '<br>' ? '\n' : `⟦html ${child.content}⟧`;
        default:
          return `⟦${child.type}⟧`;
      }
    })
    .join('');
}

/** The types of the block tokens, for comparing structure. */
export function blockTypes(tokens: readonly MarkdownToken[]): string[] {
  return tokens.map((token) => token.type);
}
