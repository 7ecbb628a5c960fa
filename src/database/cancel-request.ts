import * as net from 'node:net';
import type * as tls from 'node:tls';
import type { Transport } from './tls-options';

/** Where connect_timeout is 0, a request that nobody answers is still given up. */
const defaultTimeout = 10_000;

/** Where a session's server listens, how it is spoken to, and the session's key there. */
export interface CancelTarget {
  host: string;
  port: number;
  transport: Transport;
  processId: number;
  secretKey: number;
  timeoutMilliseconds: number;
}

/**
 * Asks the server over a connection of its own to cancel what the session runs, and resolves when the server
 * has taken note (it closes the connection). Uses TLS where the session does.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export async function sendCancelRequest(target: CancelTarget): Promise<void> {
  const socket = new net.Socket();
  let outer: net.Socket = socket;
  const timer = setTimeout(
    () => socket.destroy(new Error('timeout expired')),
    target.timeoutMilliseconds || defaultTimeout,
  );
  try {
    await connected(socket, target);
    if (target.transport.kind === 'tls') outer = await secured(socket, target, target.transport.options);
    await closedAfter(outer, cancelPacket(target.processId, target.secretKey));
  } finally {
    clearTimeout(timer);
    outer.destroy();
    socket.destroy();
  }
}

/** The path of the socket in a folder, as libpq names it. */
export function socketPath(folder: string, port: number): string {
  return `${folder}/.s.PGSQL.${port}`;
}

function connected(socket: net.Socket, target: CancelTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    const done = (): void => {
      socket.off('error', reject);
      resolve();
    };
    if (target.host.startsWith('/')) socket.connect(socketPath(target.host, target.port), done);
    else socket.connect(target.port, target.host, done);
  });
}

async function secured(
  socket: net.Socket,
  target: CancelTarget,
  options: tls.ConnectionOptions,
): Promise<tls.TLSSocket> {
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('Connection terminated unexpectedly')));
    socket.once('data', (data) => resolve(data.toString('latin1')));
    socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  });
  if (answer !== 'S') throw new Error('The server does not support SSL connections');
  const { connect } = await import('node:tls');
  return new Promise((resolve, reject) => {
    const secure = connect(
      {
        host: target.host,
        ...options,
        socket,
        ...(net.isIP(target.host) === 0 ? { servername: target.host } : {}),
      },
      () => {
        secure.off('error', reject);
        resolve(secure);
      },
    );
    secure.once('error', reject);
  });
}

/** The server only ever closes the connection; a reset after the packet was read means the same. */
function closedAfter(socket: net.Socket, packet: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve() : reject(error),
    );
    socket.once('close', () => resolve());
    socket.resume();
    socket.write(packet);
  });
}

function cancelPacket(processId: number, secretKey: number): Buffer {
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(16, 0);
  packet.writeInt32BE(80877102, 4);
  packet.writeInt32BE(processId, 8);
  packet.writeInt32BE(secretKey, 12);
  return packet;
}
