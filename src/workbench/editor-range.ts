import * as vscode from 'vscode';
import type { Position } from '../sql/statement';

/** A place of ours (from 1) as one of the editor's (from 0). */
export function editorPosition({ line, column }: Position): vscode.Position {
  return new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
}

export function editorRange({ start, end }: { start: Position; end: Position }): vscode.Range {
  return new vscode.Range(editorPosition(start), editorPosition(end));
}
