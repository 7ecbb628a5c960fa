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
  const endOfBlock = remarkEnds();
  marked.block.ruler.before(
    'paragraph',
    'remark',
    (state, startLine, _endLine, silent) => {
      const start = state.bMarks[startLine]! + state.tShift[startLine]!;
      if (!state.src.startsWith('<!--', start)) return false;
      const { end, isLast } = endOfBlock(state.src, start);
      if (end < 0 || !isLast) return false;
      if (silent) return true;
      let line = startLine;
      while (state.eMarks[line]! < end) line += 1;
      state.line = line + 1;
      return true;
    },
    { alt: ['paragraph', 'reference', 'blockquote', 'list'] },
  );
  const endInLine = remarkEnds();
  marked.inline.ruler.before('html_inline', 'remark', (state, silent) => {
    if (state.src.startsWith('<!--', state.pos)) {
      const { end } = endInLine(state.src, state.pos);
      if (end >= 0) state.pos = end + 3;
      return end >= 0;
    }
    const lineBreak = /^<br\s*\/?>/.exec(state.src.slice(state.pos))?.[0];
    if (lineBreak === undefined) return false;
    if (!silent) state.push('hardbreak', 'br', 0);
    state.pos += lineBreak.length;
    return true;
  });
}

interface RemarkEnd {
  /** Where its `-->` is; -1 for a remark that nothing ends. */
  end: number;
  /** Whether nothing is behind it in its line. */
  isLast: boolean;
}

/** Where remarks of a text end. It is looked for once: from each of many beginnings it would take long. */
function remarkEnds(): (text: string, start: number) => RemarkEnd {
  let known = { text: '', from: 0, end: -1, isLast: false };
  return (text, start) => {
    const isKnown = text === known.text && start >= known.from;
    if (!isKnown || (known.end >= 0 && known.end < start + 2)) {
      const end = text.indexOf('-->', start + 2);
      const line = end < 0 ? -1 : text.indexOf('\n', end);
      const behind = text.slice(end + 3, line < 0 ? undefined : line);
      known = { text, from: start, end, isLast: end >= 0 && behind.trim() === '' };
    }
    return known;
  };
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
