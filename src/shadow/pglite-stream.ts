import { Duplex } from 'node:stream';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { PgliteProcess } from './pglite-process';

/**
 * The socket node-postgres believes to talk to: protocol bytes go to the PGlite process and back. Login
 * is answered here (PGlite has none), and a statement that runs longer than `limitMilliseconds` (0: no
 * limit) ends the process.
 */
export class PgliteStream extends Duplex {
  readonly #database: PgliteProcess;
  readonly #limitMilliseconds: number;
  #loggedIn = false;
  #onEnded = (): void => void this.destroy(this.#database.ended.reason as Error);

  constructor(database: PgliteProcess, limitMilliseconds: number) {
    super({ allowHalfOpen: false });
    this.#database = database;
    this.#limitMilliseconds = limitMilliseconds;
    database.ended.addEventListener('abort', this.#onEnded, { once: true });
  }

  /** node-postgres calls it as on a net.Socket. */
  connect(): this {
    if (this.#database.alive) process.nextTick(() => this.emit('connect'));
    else process.nextTick(this.#onEnded);
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    // Answers are pushed when they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(chunk).then(() => done(), done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#database.ended.removeEventListener('abort', this.#onEnded);
    done(error);
  }

  async #send(bytes: Buffer): Promise<void> {
    if (!this.#loggedIn) {
      this.#loggedIn = true;
      this.push(loginAnswer());
      return;
    }
    if (bytes[0] === terminate) {
      this.push(null);
      return;
    }
    const timer =
      this.#limitMilliseconds > 0 ? setTimeout(() => void this.#stop(), this.#limitMilliseconds) : undefined;
    try {
      const answer = await this.#database.exchange(bytes);
      for (let start = 0; start < answer.length && !this.destroyed; start += portionBytes) {
        // Whoever reads it is not kept at it for long: a program with windows has other work in between.
        if (start > 0) await new Promise((resolve) => setImmediate(resolve));
        this.push(Buffer.from(answer.subarray(start, start + portionBytes)));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #stop(): Promise<void> {
    await this.#database.kill(
      new SwitchbackError(
        'step-failed',
        t(
          'A statement ran longer than {0} s in the embedded database and was stopped. Rehearse on a local PostgreSQL, or raise the limit.',
          this.#limitMilliseconds / 1000,
        ),
        { details: { sqlstate: '57014', limitMilliseconds: this.#limitMilliseconds } },
      ),
    );
  }
}

/** So much of an answer is handed on at a time, as a socket does. */
const portionBytes = 64 * 1024;

const terminate = 'X'.charCodeAt(0);

/** AuthenticationOk, ReadyForQuery: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function loginAnswer(): Buffer {
  return Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
}
