import MarkdownIt from 'markdown-it';

const stylesheet = `
  body { margin: 0 auto; width: 920px; padding: 32px 40px; background: #fff; color: #1f2328;
    font: 15px/1.55 system-ui, "Segoe UI", "Liberation Sans", sans-serif; overflow-wrap: break-word; }
  h1 { font-size: 28px; } h2 { font-size: 22px; margin-top: 36px; border-bottom: 1px solid #d1d9e0; padding-bottom: 4px; }
  h3 { font-size: 18px; margin-top: 28px; } h4 { font-size: 15.5px; margin: 24px 0 4px; }
  p, ul, ol, table, pre { margin: 8px 0 14px; } li { margin: 3px 0; } ul.tasks { list-style: none; padding-left: 4px; }
  table { border-collapse: collapse; width: 100%; font-size: 13.5px; line-height: 1.45; }
  th, td { border: 1px solid #d1d9e0; padding: 5px 9px; text-align: left; vertical-align: top; }
  th { background: #f6f8fa; white-space: nowrap; }
  code { font: 12.5px/1.45 ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; background: #f0f2f4;
    padding: 1px 4px; border-radius: 4px; }
  pre { background: #f6f8fa; border: 1px solid #e4e8ec; border-radius: 6px; padding: 10px 14px; white-space: pre-wrap; }
  pre code { background: none; padding: 0; }
  blockquote { margin: 8px 0 14px; padding: 2px 14px; border-left: 4px solid #b6c2cf; background: #fafbfc; }
  pre.mermaid { text-align: center; margin: 12px 0; background: none; border: none; }
  pre.mermaid svg { max-width: 620px !important; } li em { color: #59636e; }
  a { color: #0b57d0; text-decoration: none; }
  .task { margin-right: 6px; font-size: 16px; }
`;

/** A document as a page of its own: front matter and remarks hidden, tasks with boxes, Mermaid left to be drawn. */
export function renderDocument(markdown: string): string {
  const marked = new MarkdownIt({ html: false });
  const fence = marked.renderer.rules.fence!;
  marked.renderer.rules.fence = (tokens, index, ...rest) =>
    tokens[index]!.info.trim() === 'mermaid'
      ? `<pre class="mermaid">${marked.utils.escapeHtml(tokens[index]!.content)}</pre>`
      : fence(tokens, index, ...rest);
  const body = marked
    .render(withoutRemarks(withoutFrontMatter(markdown)))
    .replace(/<li>(\s*<p>)?\[([ x])\] /g, (_all, paragraph: string | undefined, mark: string) => {
      const box = mark === 'x' ? '☑' : '☐';
      return `<li class="item">${paragraph ?? ''}<span class="task">${box}</span>`;
    })
    .replace(/<ul>(\s*<li class="item">)/g, '<ul class="tasks">$1');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><style>${stylesheet}</style></head><body>${body}</body></html>`;
}

function withoutFrontMatter(markdown: string): string {
  return markdown.replace(/^---\r?\n[^]*?\r?\n---\r?\n/, '');
}

/** Readers of Markdown show no HTML comment; the marks of regions and items are such. */
function withoutRemarks(markdown: string): string {
  return markdown.replace(/[ \t]*<!-- [^]*?-->/g, '');
}
