/** One message of PostgreSQL's protocol: its type, and what follows the length. */
export interface WireMessage {
  /** Empty for the messages that begin a connection, which have none. */
  type: string;
  body: Buffer;
}

/**
 * Cuts a stream into messages, however it comes in pieces.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class WireMessages {
  #chunks: Buffer[] = [];
  #size = 0;
  readonly #isUntyped: () => boolean;

  /** `isUntyped` tells whether the next message has no type. */
  constructor(isUntyped: () => boolean = () => false) {
    this.#isUntyped = isUntyped;
  }

  /** The messages that are whole with this piece, one after the other. */
  *read(chunk: Buffer): Generator<WireMessage> {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (let head = this.#head(); head !== null; head = this.#head()) {
      const whole = this.#joined();
      this.#replace(whole.subarray(head.end));
      yield { type: head.type, body: whole.subarray(head.start, head.end) };
    }
  }

  #head(): { type: string; start: number; end: number } | null {
    const typed = this.#isUntyped() ? 0 : 1;
    const start = typed + 4;
    if (this.#size < start) return null;
    if (this.#chunks[0]!.length < start) this.#joined();
    const first = this.#chunks[0]!;
    const end = typed + Math.max(first.readUInt32BE(typed), 4);
    return this.#size < end ? null : { type: typed ? String.fromCharCode(first[0]!) : '', start, end };
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#size)];
    return this.#chunks[0]!;
  }

  #replace(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
  }
}

/** The text up to the next zero byte, and where what follows it begins. */
export function textAt(body: Buffer, start: number): { text: string; next: number } {
  const end = body.indexOf(0, start);
  const stop = end < 0 ? body.length : end;
  return { text: body.toString('utf8', start, stop), next: stop + 1 };
}
