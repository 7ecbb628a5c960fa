import { Worker } from 'node:worker_threads';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { LayoutId } from './layout';
import type { ParsedMigration } from './parse-history';

export interface HistoryRequest {
  layout: LayoutId;
  /** Absolute path. */
  folder: string;
}

/** What the worker tells. */
export type HistoryMessage =
  { kind: 'migration'; migration: ParsedMigration } | { kind: 'end' } | { kind: 'failed'; sentence: string };

export interface ReadHistoryOptions {
  /** `dist/history-worker.js`. */
  workerFile: string;
  signal: AbortSignal;
}

/** Every migration of a folder with its statements, read and parsed in a thread of its own, which ends with the call. */
export async function readHistory(
  request: HistoryRequest,
  options: ReadHistoryOptions,
): Promise<ParsedMigration[]> {
  options.signal.throwIfAborted();
  const worker = new Worker(options.workerFile, { workerData: request });
  try {
    return await collect(worker, request, options.signal);
  } finally {
    await worker.terminate();
  }
}

function collect(worker: Worker, request: HistoryRequest, signal: AbortSignal): Promise<ParsedMigration[]> {
  return new Promise((resolve, reject) => {
    const migrations: ParsedMigration[] = [];
    const fail = (cause: unknown, sentence: string): void =>
      reject(
        new SwitchbackError(
          'internal',
          t('The migrations in {0} could not be read: {1}', request.folder, sentence),
          { cause },
        ),
      );
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: HistoryMessage) => {
      switch (message.kind) {
        case 'migration':
          migrations.push(message.migration);
          return;
        case 'end':
          signal.removeEventListener('abort', stop);
          resolve(migrations);
          return;
        case 'failed':
          signal.removeEventListener('abort', stop);
          fail(undefined, message.sentence);
      }
    });
    worker.once('error', (error) => fail(error, error.message));
    worker.once('exit', (code) => fail(undefined, t('its thread ended with code {0}', code)));
  });
}
