import type { ExtensionContext } from 'vscode';

/** Wires the workbench together; called once by VS Code. */
export function activate(_context: ExtensionContext): void {}
