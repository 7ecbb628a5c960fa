/** Text in Markdown that is shown as it is: names and messages come from files. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&$:@]/g, '\\$&')
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim();
}

/** A fenced block that its text cannot end. */
export function codeBlock(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A link that runs one of our own commands. */
export function commandLink(title: string, command: string, ...args: unknown[]): string {
  const query = encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'));
  return `[${escapeMarkdown(title)}](command:${command}?${query})`;
}
