/** What a long action tells while it runs. Each report replaces the one before. */
export interface Progress {
  report(update: ProgressUpdate): void;
}

export interface ProgressUpdate {
  /** One short sentence: what is being done, to what. */
  message: string;
  /** Share done, 0 to 1; absent where it cannot be known. */
  share?: number;
  /** Milliseconds left, estimated; absent where it cannot be known. */
  remainingMilliseconds?: number;
}

/** A progress nobody looks at. */
export function silentProgress(): Progress {
  return { report: () => undefined };
}
