import * as vscode from 'vscode';
import type { Files } from '../ports/files';

/** The file system as the editor sees it: an open document's text wins over its file's. */
export function editorFiles(files: Files): Files {
  const open = (path: string): string | undefined =>
    vscode.workspace.textDocuments
      .find((document) => document.uri.scheme === 'file' && document.isDirty && document.uri.fsPath === path)
      ?.getText();
  return {
    ...files,
    read: async (path) => open(path) ?? files.read(path),
    readIfExists: async (path) => open(path) ?? files.readIfExists(path),
  };
}
