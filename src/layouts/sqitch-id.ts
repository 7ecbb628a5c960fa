import { createHash } from 'node:crypto';

/** The id that Sqitch gives a change or a tag: the SHA-1 of its description, framed as git frames its objects. */
export function infoId(kind: 'change' | 'tag', lines: readonly string[]): string {
  const content = Buffer.from(lines.join('\n'), 'utf8');
  return createHash('sha1').update(`${kind} ${content.length}\0`).update(content).digest('hex');
}

/** A URI as Perl's URI module takes it from a text: what may not stand in one is escaped. */
export function writtenUri(text: string): string {
  return text
    .trim()
    .replace(/[^;/?:@&=+$,A-Za-z0-9\-_.!~*'()%#[\]]/gu, (letter) => encodeURIComponent(letter));
}

const defaultPorts: Record<string, string> = { ftp: '21', http: '80', https: '443', ssh: '22' };

/**
 * A project's URI as it goes into ids, which Perl's URI module gives: scheme and host in lower case, no usual port, no
 * empty path of http, escapes in upper case and none where there is no need.
 */
export function canonicalUri(uri: string): string {
  const escaped = uri.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => {
    const letter = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9\-_.!~*'()\\]/.test(letter) ? letter : `%${hex.toUpperCase()}`;
  });
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:(\/\/)([^/?#]*))?(.*)$/s.exec(escaped);
  if (!parts) return escaped;
  const scheme = parts[1]!.toLowerCase();
  const port = defaultPorts[scheme];
  if (parts[2] === undefined || port === undefined) return `${scheme}:${escaped.slice(scheme.length + 1)}`;
  const user = parts[3]!.slice(0, parts[3]!.lastIndexOf('@') + 1);
  const host = parts[3]!.slice(user.length).toLowerCase();
  const place = host.replace(new RegExp(`:(?:${port})?$`), '');
  const path = parts[4] === '' && scheme.startsWith('http') ? '/' : parts[4]!;
  return `${scheme}://${user}${place}${path}`;
}
