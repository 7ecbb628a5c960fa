import * as vscode from 'vscode';

const patienceMilliseconds = 30_000;

/** Asks until the answer is good; the last answer otherwise, for the assertion that follows. */
export async function until<T>(ask: () => Thenable<T> | T, good: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + patienceMilliseconds;
  let answer = await ask();
  while (!good(answer) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await ask();
  }
  return answer;
}

/** A file of the first workspace folder by its path in it. */
export function inWorkspace(file: string): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, ...file.split('/'));
}

/** What Switchback marks in a file. */
export function marksIn(file: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(file).filter((item) => item.source === 'Switchback');
}

/** The id of the rule that marked it. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** Ids of the rules that mark a file, once they are as wanted or patience is over. */
export function rulesIn(file: vscode.Uri, good: (rules: string[]) => boolean): Promise<string[]> {
  return until(() => marksIn(file).map(ruleOf), good);
}
