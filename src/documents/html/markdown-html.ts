import type { MarkdownIt, Token } from 'markdown-it';
import { t } from '../../messages/translate';
import { readFlowchart } from './flowchart';
import { flowchartPicture } from './flowchart-picture';

export interface MarkdownChoices {
  /** Where a link to another document leads; null shows its text alone. Addresses of the web stay as they are. */
  linkTo: (path: string) => string | null;
}

/**
 * Markdown as HTML that loads nothing and runs nothing: HTML in it is shown as text, remarks are hidden, links lead to the web,
 * to mail and where `linkTo` says, pictures are their words. Flowcharts of Mermaid are drawn.
 */
export async function markdownHtml(markdown: string, { linkTo }: MarkdownChoices): Promise<string> {
  const { default: MarkdownItClass } = await import('markdown-it');
  const marked = new MarkdownItClass({ html: false, linkify: false });
  marked.validateLink = isSafeAddress;
  hideRemarks(marked);
  const pictures = new Map<Token, string>();
  marked.renderer.rules.image = (tokens, index) => marked.utils.escapeHtml(tokens[index]!.content);
  const fence = marked.renderer.rules.fence!;
  marked.renderer.rules.fence = (tokens, index, ...rest) =>
    pictures.get(tokens[index]!) ?? fence(tokens, index, ...rest);
  const tokens = marked.parse(markdown, {});
  for (const token of tokens) {
    if (token.type === 'inline') renewInline(token.children ?? [], linkTo);
    withoutStyle(token);
    const chart =
      token.type === 'fence' && token.info.trim() === 'mermaid' ? readFlowchart(token.content) : null;
    if (chart) pictures.set(token, await flowchartPicture(chart));
  }
  markTasks(marked, tokens);
  return marked.renderer.render(tokens, marked.options, {});
}

/** An address of the web or of mail, or one without a scheme. */
function isSafeAddress(address: string): boolean {
  // Browsers overlook these inside of addresses.
  const plain = address.replace(/[\u0000-\u0020\u007f]/g, '').toLowerCase();
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(plain)?.[1];
  if (scheme !== undefined) return ['http', 'https', 'mailto'].includes(scheme);
  return !plain.startsWith('//') && !plain.startsWith('\\');
}

/** Readers of Markdown show no HTML comment; the marks of regions and items are such. `<br>` breaks a line of a table. */
function hideRemarks(marked: MarkdownIt): void {
  marked.block.ruler.before(
    'paragraph',
    'remark',
    (state, startLine, _endLine, silent) => {
      const start = state.bMarks[startLine]! + state.tShift[startLine]!;
      if (!state.src.startsWith('<!--', start)) return false;
      const end = state.src.indexOf('-->', start);
      if (end < 0) return false;
      const line = state.src.slice(0, end).split('\n').length - 1;
      if (state.src.slice(end + 3, state.eMarks[line]).trim() !== '') return false;
      if (!silent) state.line = line + 1;
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
  marked.inline.ruler.before('html_inline', 'remark', (state, silent) => {
    const rest = state.src.slice(state.pos);
    const remark = /^<!--[^]*?-->/.exec(rest)?.[0];
    const lineBreak = /^<br\s*\/?>/.exec(rest)?.[0];
    const found = remark ?? lineBreak;
    if (found === undefined) return false;
    if (!silent && lineBreak !== undefined) state.push('hardbreak', 'br', 0);
    state.pos += found.length;
    return true;
  });
}

function renewInline(tokens: Token[], linkTo: MarkdownChoices['linkTo']): void {
  let isLink = true;
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const address = String(token.attrGet('href') ?? '');
      const target = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : linkTo(decoded(address));
      isLink = target !== null;
      token.attrs = isLink ? [['href', target!]] : [];
    }
    if (token.type === 'link_open' || token.type === 'link_close') token.tag = isLink ? 'a' : 'span';
  }
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    // A percent sign that stands for itself.
    return address;
  }
}

/** A policy that allows no styles in elements would drop them: columns are aligned by classes. */
function withoutStyle(token: Token): void {
  const style = token.attrGet('style');
  if (style === null) return;
  const side = /text-align:(left|right|center)/.exec(String(style))?.[1];
  token.attrs = side === undefined ? [] : [['class', side]];
}

/** `- [ ]` and `- [x]` as boxes. */
function markTasks(marked: MarkdownIt, tokens: Token[]): void {
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'inline' || tokens[index - 2]?.type !== 'list_item_open') continue;
    const first = token.children?.[0];
    const mark = first?.type === 'text' ? /^\[([ xX])\] /.exec(first.content)?.[1] : undefined;
    if (first === undefined || mark === undefined) continue;
    first.content = first.content.slice(4);
    const box = new (first.constructor as typeof Token)('html_inline', '', 0);
    const [sign, word] = mark === ' ' ? ['☐', t('open')] : ['☑', t('done')];
    box.content = `<span class="task" role="img" aria-label="${marked.utils.escapeHtml(word)}">${sign}</span> `;
    token.children!.unshift(box);
    tokens[index - 2]!.attrJoin('class', 'item');
  }
}
