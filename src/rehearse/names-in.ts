/** Everything in a text that may be a name, as the server would read it. */
export function namesIn(sql: string): ReadonlySet<string> {
  const words = new Set(sql.toLowerCase().match(/[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/g) ?? []);
  for (const [, quoted] of sql.matchAll(/"((?:[^"]|"")+)"/g)) words.add(quoted!.replaceAll('""', '"'));
  return words;
}

/** `users` of `public.users`, `a.b` of `public."a.b"`. */
export function bareName(qualified: string): string {
  const quoted = /"((?:[^"]|"")*)"$/.exec(qualified)?.[1];
  return quoted === undefined
    ? qualified.slice(qualified.lastIndexOf('.') + 1)
    : quoted.replaceAll('""', '"');
}
