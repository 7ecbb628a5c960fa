/** One round after the other; what is added during a round is the next one's, and ends it where both are about one file. */
export class Rounds {
  private readonly waiting = new Set<string>();
  private current: { files: readonly string[]; abort: AbortController } | null = null;
  private stopped = false;

  constructor(
    private readonly failed: (error: unknown) => void,
    private readonly work: (files: readonly string[], signal: AbortSignal) => Promise<void>,
  ) {}

  add(file: string): void {
    if (this.stopped) return;
    this.waiting.add(file);
    if (this.current === null) void this.go();
    else if (this.current.files.includes(file)) this.current.abort.abort();
  }

  stop(): void {
    this.stopped = true;
    this.waiting.clear();
    this.current?.abort.abort();
  }

  private async go(): Promise<void> {
    while (this.waiting.size > 0) {
      const files = [...this.waiting];
      this.waiting.clear();
      const abort = new AbortController();
      this.current = { files, abort };
      await this.work(files, abort.signal).catch(this.failed);
      this.current = null;
    }
  }
}
