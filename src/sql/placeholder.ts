import { lexemes } from './lexer';

/**
 * Text that a migration tool or psql fills in before the server sees it: `${name}` (Flyway, goose, dbmate),
 * `{{ .Name }}` (Go templates), `{% %}`, `<%= %>`, and psql's `:name`, `:'name'`, `:"name"`.
 */
const placeholder =
  /\$\{[^}\n]*\}|\{\{[^]*?\}\}|\{%[^]*?%\}|<%[^]*?%>|(?<![:\w\]]):(?:'\w+'|"\w+"|[A-Za-z_]\w*)/g;

/** The first placeholder outside comments and quotes; null when there is none. */
export function placeholderIn(text: string): { start: number; end: number } | null {
  const quoted = [...lexemes(text)].filter((lexeme) => lexeme.kind !== 'code');
  for (const match of text.matchAll(placeholder)) {
    const start = match.index;
    if (!quoted.some((lexeme) => lexeme.start <= start && start < lexeme.end)) {
      return { start, end: start + match[0].length };
    }
  }
  return null;
}
