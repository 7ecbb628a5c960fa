/** Runs programs of the project, as the migration tool the team has. */
export interface Programs {
  /**
   * Runs one to its end and shows what it prints where the user looks; without a shell. Throws `not-found` for a program
   * that is not there, `cancelled`.
   */
  run(run: ProgramRun): Promise<ProgramEnd>;
}

export interface ProgramRun {
  /** What it is called where its output is shown. */
  title: string;
  program: string;
  args: readonly string[];
  /** Absolute path of the folder it runs in. */
  folder: string;
  /** Set beside the environment there is. Never holds a password. */
  environment: Readonly<Record<string, string>>;
  /** Whether a variable of the environment there is stays away from it; absent: it gets them all. */
  withholds?: (variable: string) => boolean;
  signal: AbortSignal;
}

export interface ProgramEnd {
  /** Its exit code; null where a signal ended it. */
  code: number | null;
  output: string;
  errors: string;
}
