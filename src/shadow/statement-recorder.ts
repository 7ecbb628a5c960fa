import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { SentStatements, type SentSql } from './sent-statements';
import type { Shadow, ShadowReach } from './shadow';

/** A door to a shadow database that notes what comes through it. */
export interface StatementRecorder {
  /** How programs reach the shadow database through the door. */
  reach: ShadowReach;
  /** What was sent so far, in the order it came. */
  sent: readonly SentSql[];
  /** Closes it, and the connections through it. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens a port of 127.0.0.1 that leads to the database that a shadow has now, which asks for its password as ever.
 * Throws `no-shadow` for one that other programs do not reach, or whose server encrypts.
 */
export async function recordStatements(shadow: Shadow): Promise<StatementRecorder> {
  const target = shadow.reach();
  if (!target || target.connection.sslmode !== 'disable' || target.connection.host.startsWith('/')) {
    throw new SwitchbackError(
      'no-shadow',
      t(
        'What is sent to {0} cannot be recorded. Choose a local PostgreSQL as shadow database.',
        shadow.label,
      ),
    );
  }
  const { host, port } = target.connection;
  const sent: SentSql[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((program) => {
    const upstream = connect({ host, port });
    const statements = new SentStatements(connections, (sql) => sent.push(sql));
    connections += 1;
    join(program, upstream, (chunk) => statements.program(chunk));
    join(upstream, program, (chunk) => statements.server(chunk));
    for (const socket of [program, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const door = (server.address() as AddressInfo).port;
  return {
    reach: { ...target, connection: { ...target.connection, host: '127.0.0.1', port: door } },
    sent,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

/** Hands on what comes from one side, as fast as the other takes it, once it has been looked at. */
function join(from: Socket, to: Socket, look: (chunk: Buffer) => void): void {
  from.setNoDelay(true);
  from.on('data', (chunk: Buffer) => {
    try {
      look(chunk);
    } catch {
      // What does not speak the protocol is not led on: its program is told by the end of its connection.
      from.destroy();
      return;
    }
    if (!to.destroyed && !to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  // A side that breaks takes the other along: there is nobody left to tell.
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroySoon());
}
