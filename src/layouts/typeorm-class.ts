/** A class of TypeORM ends in 13 digits, its timestamp; it may be a function once it is compiled. */
const classLine =
  /^[ \t]*(?:(?:export|default|module\.exports\s*=|exports\.[\w$]+\s*=|(?:var|let|const)\s+[\w$]+\s*=)\s*){0,5}(?:class|function)\s+([\p{L}\p{N}_$]*\d{13})\b/mu;
const nameLine =
  /^[ \t]*(?:(?:public|readonly|override|this\.)\s*){0,5}name\s*(?::\s*string\s*)?=\s*(['"`])([^'"`\r\n$\\]*\d{13})\1/mu;
const ownTransaction =
  /^[ \t]*(?:(?:public|readonly|override|this\.)\s*){0,5}transaction\s*(?::\s*\w+\s*)?=/m;
const noTransaction =
  /^[ \t]*(?:(?:public|readonly|override|this\.)\s*){0,5}transaction\s*(?::\s*\w+\s*)?=\s*false\b/m;

/** The name that TypeORM records for a program: its property `name`, else that of its class. Null where neither is seen. */
export function recordedClass(text: string): string | null {
  return nameLine.exec(text)?.[2] ?? classLine.exec(text)?.[1] ?? null;
}

/** The timestamp TypeORM reads from such a name: its last 13 characters. */
export function timestampOf(name: string): string {
  return String(Number.parseInt(name.slice(-13), 10));
}

/** Whether the class says for itself if it runs in a transaction. */
export function saysTransaction(text: string): boolean {
  return ownTransaction.test(text);
}

/** Whether the class refuses a transaction. */
export function refusesTransaction(text: string): boolean {
  return noTransaction.test(text);
}

/** Words as the name of a class, in letters and digits of any script: `add note` is `AddNote`. */
export function classWords(name: string): string {
  const words = name.normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];
  const joined = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  const short = [...joined].slice(0, 80).join('');
  return /^\p{L}/u.test(short) ? short : `Migration${short}`;
}
