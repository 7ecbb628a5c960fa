import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Listens as a server of that version, for example `11.22`; close() ends it and its sessions. */
export async function startOldServer(version: string): Promise<{ port: number; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const [major, minor] = version.split('.').map(Number);
  const server = createServer((socket) => {
    sockets.push(socket);
    answerAs(socket, [String(major! * 10_000 + minor!), version, 'shop', 'app', '4711']);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Speaks just enough of the protocol to log anybody in and to answer each query with one row. */
export function answerAs(socket: Socket, row: string[]): void {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5);
    head.write(type, 0, 'latin1');
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
  const int32 = (value: number): Buffer =>
    Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
  const ready = message('Z', Buffer.from('I'));
  const names = ['number', 'version', 'database', 'user', 'pid'];
  const field = (name: string): Buffer =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      int32(0),
      int16(0),
      int32(25),
      int16(65_535),
      int32(-1),
      int16(0),
    ]);
  const description = message('T', Buffer.concat([int16(names.length), ...names.map(field)]));
  const values = row.map((value) => Buffer.concat([int32(value.length), Buffer.from(value)]));
  const data = message('D', Buffer.concat([int16(row.length), ...values]));
  let started = false;
  socket.on('data', (packet) => {
    if (!started) {
      started = true;
      socket.write(
        Buffer.concat([message('R', int32(0)), message('K', Buffer.concat([int32(4711), int32(1)])), ready]),
      );
    } else if (packet[0] === 0x51) {
      socket.write(Buffer.concat([description, data, message('C', Buffer.from('SELECT 1\0')), ready]));
    }
  });
}
