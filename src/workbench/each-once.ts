import path from 'node:path';

/** The migration folders found in one folder of the window. */
interface Found {
  workspaceFolder: { uri: { fsPath: string } };
  folders: readonly { folder: string }[];
}

/** Where one folder of the window lies in another, what both list is listed by the inner one alone. */
export function eachOnce<Model extends Found>(models: readonly Model[]): Model[] {
  const root = ({ workspaceFolder }: Found): string => workspaceFolder.uri.fsPath;
  return models.map((model) => {
    const inner = models.filter((other) => root(other).startsWith(root(model) + path.sep));
    const listed = new Set(inner.flatMap((other) => other.folders.map(({ folder }) => folder)));
    return { ...model, folders: model.folders.filter(({ folder }) => !listed.has(folder)) };
  });
}
