/** Text as one word of a POSIX shell, between single quotes: nothing in it is expanded. */
export function shellText(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`;
}
