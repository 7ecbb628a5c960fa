import path from 'node:path';
import type { Drive } from './driver';
import { repository } from './folders';

/** Hooks of a tour: a picture of what a failed step left on the screen, and in the end everything the drive started is stopped. */
export function endDrive(drive: () => Drive | undefined): void {
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await drive()?.workbench.page.screenshot({
        path: path.join(repository, '.switchback-test', 'failed.png'),
      });
  });

  after(async () => {
    await drive()?.stop();
  });
}
