import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';

type Snippet = (api: typeof vscode, argument: unknown) => unknown;

/**
 * Opens a loopback evaluator for the driver and stays pending until it is told to end. The driver asks
 * it for the truth in the host between clicks; a tour may only read through it.
 */
export async function run(): Promise<void> {
  const file = process.env.SWITCHBACK_EVALUATOR;
  if (!file) throw new Error('SWITCHBACK_EVALUATOR names no file for the address.');
  const secret = randomBytes(16).toString('hex');
  await new Promise<void>((resolve, reject) => {
    const server = http.createServer((request, response) => {
      if (request.headers.authorization !== secret) {
        response.writeHead(403).end();
        return;
      }
      if (request.url === '/end') {
        response.end();
        server.close(() => resolve());
        return;
      }
      void answer(request, response);
    });
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      writeFileSync(file, JSON.stringify({ port, secret }), { mode: 0o600 });
    });
  });
}

async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  let body = '';
  for await (const part of request) body += String(part);
  try {
    const { code, argument } = JSON.parse(body) as { code: string; argument: unknown };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the driver's snippets are code
    const snippet = new Function(`return (${code});`)() as Snippet;
    const value = await snippet(vscode, argument);
    response.end(JSON.stringify({ value: value ?? null }));
  } catch (error) {
    response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  }
}
