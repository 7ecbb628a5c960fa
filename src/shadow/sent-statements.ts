import { textAt, WireMessages, type WireMessage } from './wire-messages';

/** What a program sent over one of its connections, to be run. */
export interface SentSql {
  /** Which connection, from 0. */
  connection: number;
  /** One statement; several where they were one message. */
  sql: string;
  /** Values of $1, $2...; null for NULL, and undefined for one in a binary format. */
  parameters: (string | null | undefined)[];
  failed: boolean;
}

/** What the server has not answered yet: a message with SQL, or the end of a group of them. */
type Awaited = { kind: 'simple' | 'extended'; sent: SentSql } | { kind: 'sync' };

const sslRequest = 80877103;
const encryptionRequest = 80877104;

/**
 * Follows both sides of one connection of a program to its server, and notes what is sent to be run and what of it
 * fails. https://www.postgresql.org/docs/current/protocol-flow.html
 */
export class SentStatements {
  readonly #connection: number;
  readonly #note: (sent: SentSql) => void;
  #begun = false;
  /** Requests for encryption are answered by one byte, which is no message. */
  #barely = 0;
  readonly #fromProgram = new WireMessages(() => !this.#begun);
  readonly #fromServer = new WireMessages();
  readonly #prepared = new Map<string, string>();
  readonly #portals = new Map<string, Pick<SentSql, 'sql' | 'parameters'>>();
  readonly #awaited: Awaited[] = [];

  constructor(connection: number, note: (sent: SentSql) => void) {
    this.#connection = connection;
    this.#note = note;
  }

  program(chunk: Buffer): void {
    for (const message of this.#fromProgram.read(chunk)) this.#ofProgram(message);
  }

  server(chunk: Buffer): void {
    const answers = Math.min(this.#barely, chunk.length);
    this.#barely -= answers;
    for (const { type } of this.#fromServer.read(chunk.subarray(answers))) this.#ofServer(type);
  }

  #ofProgram({ type, body }: WireMessage): void {
    switch (type) {
      case '': {
        const code = body.readInt32BE(0);
        if (code === sslRequest || code === encryptionRequest) this.#barely += 1;
        else this.#begun = true;
        return;
      }
      case 'Q':
        this.#send('simple', { sql: textAt(body, 0).text, parameters: [] });
        return;
      case 'P': {
        const name = textAt(body, 0);
        this.#prepared.set(name.text, textAt(body, name.next).text);
        return;
      }
      case 'B':
        this.#bind(body);
        return;
      case 'E': {
        const portal = this.#portals.get(textAt(body, 0).text);
        if (portal) this.#send('extended', portal);
        return;
      }
      case 'S':
        this.#awaited.push({ kind: 'sync' });
    }
  }

  #bind(body: Buffer): void {
    const portal = textAt(body, 0);
    const statement = textAt(body, portal.next);
    let place = statement.next;
    const formats = integers(body, place);
    place += 2 + 2 * formats.length;
    const count = body.readInt16BE(place);
    place += 2;
    const parameters: SentSql['parameters'] = [];
    for (let index = 0; index < count; index += 1) {
      const length = body.readInt32BE(place);
      place += 4;
      const isBinary = (formats.length === 1 ? formats[0] : formats[index]) === 1;
      const text = isBinary ? undefined : body.toString('utf8', place, place + Math.max(length, 0));
      parameters.push(length < 0 ? null : text);
      place += Math.max(length, 0);
    }
    this.#portals.set(portal.text, { sql: this.#prepared.get(statement.text) ?? '', parameters });
  }

  #send(kind: 'simple' | 'extended', sql: Pick<SentSql, 'sql' | 'parameters'>): void {
    const sent = { connection: this.#connection, failed: false, ...sql };
    this.#awaited.push({ kind, sent });
    this.#note(sent);
  }

  #ofServer(type: string): void {
    const first = this.#awaited[0];
    if (!first) return;
    switch (type) {
      case 'C':
      case 'I':
      case 's':
        if (first.kind === 'extended') this.#awaited.shift();
        return;
      case 'E':
        this.#fail();
        return;
      case 'Z':
        // What is left of a group was passed over.
        if (first.kind === 'simple') this.#awaited.shift();
        else this.#awaited.splice(0, this.#awaited.findIndex(({ kind }) => kind === 'sync') + 1);
    }
  }

  /** What is not answered yet of the group fails, or is passed over. */
  #fail(): void {
    for (const each of this.#awaited) {
      if (each.kind === 'sync') return;
      each.sent.failed = true;
      if (each.kind === 'simple') return;
    }
  }
}

function integers(body: Buffer, place: number): number[] {
  return Array.from({ length: body.readInt16BE(place) }, (_, index) =>
    body.readInt16BE(place + 2 + 2 * index),
  );
}
