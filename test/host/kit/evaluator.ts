import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as vscode from 'vscode';

/** Asks the extension host for the truth. Snippets read; none may advance what a tour tests. */
export interface Evaluator {
  /** Runs a self-contained function with the `vscode` module and one plain argument; its value as JSON. */
  read<T, A = undefined>(
    snippet: (api: typeof vscode, argument: A) => T | PromiseLike<T>,
    argument?: A,
  ): Promise<T>;
  /** Reads again until the value satisfies `wanted`; throws with the last value after 30 s. */
  until<T, A = undefined>(
    snippet: (api: typeof vscode, argument: A) => T | PromiseLike<T>,
    wanted: (value: T) => boolean,
    argument?: A,
  ): Promise<T>;
  end(): Promise<void>;
}

/** Connects to the evaluator whose address the host writes to `file`. Throws when it is not there in time. */
export async function connectEvaluator(file: string): Promise<Evaluator> {
  const { port, secret } = await waitForAddress(file);
  const post = (path: string, body: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { authorization: secret }, body });
  const read: Evaluator['read'] = async <T, A>(
    snippet: (api: typeof vscode, argument: A) => T | PromiseLike<T>,
    argument?: A,
  ): Promise<T> => {
    const response = await post('/', JSON.stringify({ code: snippet.toString(), argument }));
    const answer = (await response.json()) as { value: T } | { error: string };
    if ('error' in answer) throw new Error(`In the host: ${answer.error}`);
    return answer.value;
  };
  return {
    read,
    until: async (snippet, wanted, argument) => {
      for (let attempt = 0; ; attempt++) {
        const value = await read(snippet, argument);
        if (wanted(value)) return value;
        if (attempt >= 300) throw new Error(`The host still says ${JSON.stringify(value)} after 30 s.`);
        await sleep(100);
      }
    },
    end: async () => {
      await post('/end', '').catch(() => undefined);
    },
  };
}

async function waitForAddress(file: string): Promise<{ port: number; secret: string }> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('}')) return JSON.parse(text) as { port: number; secret: string };
    await sleep(100);
  }
  throw new Error('The extension host did not start within 60 s: no evaluator address was written.');
}
