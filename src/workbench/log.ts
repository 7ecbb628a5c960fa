import * as vscode from 'vscode';
import { errorText, isSwitchbackError } from '../messages/error';
import { redact } from '../messages/redact';

/** The output channel; every line goes through the redaction of passwords. */
export class Log implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel('Switchback', { log: true });

  info(line: string): void {
    this.channel.info(redact(line));
  }

  warn(line: string): void {
    this.channel.warn(redact(line));
  }

  /** The sentence, the code, and each cause below it. */
  error(what: string, error: unknown): void {
    const code = isSwitchbackError(error) ? ` [${error.code}]` : '';
    this.channel.error(redact(`${what}${code}: ${errorText(error)}`));
    let cause = error instanceof Error ? error.cause : undefined;
    while (cause instanceof Error) {
      this.channel.error(redact(`  caused by ${cause.stack ?? cause.message}`));
      cause = cause.cause;
    }
    if (!isSwitchbackError(error) && error instanceof Error && error.stack)
      this.channel.error(redact(error.stack));
  }

  show(): void {
    this.channel.show(true);
  }

  dispose(): void {
    this.channel.dispose();
  }
}
