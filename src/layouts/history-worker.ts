import { parentPort, workerData } from 'node:worker_threads';
import { errorText, isSwitchbackError } from '../messages/error';
import { nodeFiles } from '../ports/node-files';
import { loadParser } from '../sql/parser';
import { layoutById } from './layouts';
import { parseHistory } from './parse-history';
import type { HistoryMessage, HistoryRequest } from './read-history';

/** The thread that reads and parses a whole history, so that the editor's own thread does not stand still. */
async function work(request: HistoryRequest): Promise<void> {
  const layout = layoutById(request.layout);
  for await (const migration of parseHistory(layout, request.folder, nodeFiles(), await loadParser())) {
    send({ kind: 'migration', migration });
  }
  send({ kind: 'end' });
}

function send(message: HistoryMessage): void {
  parentPort!.postMessage(message);
}

work(workerData as HistoryRequest).catch((error: unknown) => {
  send({ kind: 'failed', sentence: isSwitchbackError(error) ? error.sentence : errorText(error) });
});
