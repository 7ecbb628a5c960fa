/** The text with LF only: what is compared and hashed, so that a checkout's line ends are no edit. */
export function withLineFeeds(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

/** `text` with the line ends that `model` has; LF where it has none. */
export function withLineEndsOf(model: string, text: string): string {
  const plain = withLineFeeds(text);
  return /\r\n/.test(model) ? plain.replaceAll('\n', '\r\n') : plain;
}
