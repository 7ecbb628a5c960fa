import * as vscode from 'vscode';
import { nodePrograms } from '../ports/node-programs';
import type { ProgramEnd, ProgramRun, Programs } from '../ports/programs';

const taskType = 'switchback';

/** Programs as tasks of the editor: what they print is shown in a terminal, which stays to be read. */
export function taskPrograms(folder: vscode.WorkspaceFolder): Programs {
  return { run: (run) => runAsTask(folder, run) };
}

async function runAsTask(folder: vscode.WorkspaceFolder, run: ProgramRun): Promise<ProgramEnd> {
  const terminal = programTerminal(run);
  const execution = new vscode.CustomExecution(() => Promise.resolve(terminal.pty));
  const task = new vscode.Task({ type: taskType }, folder, run.title, 'Switchback', execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: false, clear: false };
  await vscode.tasks.executeTask(task);
  return terminal.ended;
}

interface ProgramTerminal {
  pty: vscode.Pseudoterminal;
  ended: Promise<ProgramEnd>;
}

/** A terminal that runs the program when it is shown, and stops it when it is closed. */
function programTerminal(run: ProgramRun): ProgramTerminal {
  const written = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<number>();
  const stopped = new AbortController();
  let settle: { resolve: (end: ProgramEnd) => void; reject: (reason: unknown) => void };
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const write = (text: string): void => written.fire(text.replace(/\r?\n/g, '\r\n'));
  const open = async (): Promise<void> => {
    write(`> ${run.title}\n`);
    try {
      const signal = AbortSignal.any([run.signal, stopped.signal]);
      const end = await nodePrograms(write).run({ ...run, signal });
      closed.fire(end.code ?? 1);
      settle.resolve(end);
    } catch (error) {
      write(`${error instanceof Error ? error.message : String(error)}\n`);
      closed.fire(1);
      settle.reject(error);
    } finally {
      written.dispose();
      closed.dispose();
    }
  };
  return {
    pty: {
      onDidWrite: written.event,
      onDidClose: closed.event,
      open: () => void open(),
      close: () => stopped.abort(),
    },
    ended,
  };
}
