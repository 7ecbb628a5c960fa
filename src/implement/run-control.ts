import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { RunControl } from './run-event';

/** A control nobody has pressed yet. Cancelling is final; a pause lasts until resume or cancel. */
export function createRunControl(): RunControl {
  return new Control();
}

class Control implements RunControl {
  private current: RunControl['state'] = 'running';
  private waiting: { go: () => void; stop: (reason: Error) => void }[] = [];

  get state(): RunControl['state'] {
    return this.current;
  }

  pause(): void {
    if (this.current === 'running') this.current = 'paused';
  }

  resume(): void {
    if (this.current !== 'paused') return;
    this.current = 'running';
    for (const waiter of this.waiting.splice(0)) waiter.go();
  }

  cancel(): void {
    this.current = 'cancelled';
    for (const waiter of this.waiting.splice(0)) waiter.stop(cancelled());
  }

  whenRunning(): Promise<void> {
    switch (this.current) {
      case 'running':
        return Promise.resolve();
      case 'cancelled':
        return Promise.reject(cancelled());
      case 'paused':
        return new Promise((go, stop) => this.waiting.push({ go, stop }));
    }
  }
}

function cancelled(): SwitchbackError {
  return new SwitchbackError(
    'cancelled',
    t('The run was cancelled. What was committed stays; start it again to go on from there.'),
  );
}
