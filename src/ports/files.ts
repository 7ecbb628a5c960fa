/** The file system as a port. Paths are absolute, in the platform's form. */
export interface Files {
  /** UTF-8 text without a byte order mark. Throws `not-found`, or `invalid-file` when it is not UTF-8. */
  read(path: string): Promise<string>;
  /** The text, or null where there is no such file. */
  readIfExists(path: string): Promise<string | null>;
  /** Writes UTF-8 text atomically (temporary file, then rename), making parent folders. */
  write(path: string, text: string, options?: WriteOptions): Promise<void>;
  /**
   * Gives a file or folder another name, making parent folders. Throws `invalid-file` where something has that name
   * already, `not-found` where there is nothing to rename.
   */
  rename(path: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  /** Names directly in a folder, sorted; an empty list where there is no such folder. */
  list(folder: string): Promise<FileEntry[]>;
  /** Absolute paths of files below `folder` that match a glob, honouring .gitignore; sorted. */
  find(folder: string, glob: string, signal?: AbortSignal): Promise<string[]>;
  /** The workspace folder, above which nothing of a project is searched for; without it, up to the topmost folder. */
  root?: string;
  /** Where these are files for one look at them: what was made of texts already, by what makes it. See `madeOf`. */
  made?: WeakMap<object, Map<string, unknown>>;
}

export interface WriteOptions {
  /** A new file may be run as a program; one that is there keeps its mode. */
  executable?: boolean;
}

export interface FileEntry {
  name: string;
  kind: 'file' | 'folder';
}
