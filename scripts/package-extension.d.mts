export function packageExtension(root: string, file: string): Promise<string>;
