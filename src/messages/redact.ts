/** `text` without passwords: those in URLs, in key=value settings and in PASSWORD literals become ***. */
export function redact(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@]*@/gi, '$1:***@')
    .replace(/(\b(?:password|passwd|pgpassword)\s*[=:]\s*)('(?:[^']|'')*'|"[^"]*"|[^\s,;&]+)/gi, '$1***')
    .replace(/(\bpassword\s+)'(?:[^']|'')*'/gi, '$1***');
}
