import type { MeasuredFile } from '../rehearse/measure/measured-forecast';
import type { Database } from './database';
import type { ShadowChoice } from './shadow';

export type { MeasuredFile };

export interface MeasureOptions {
  /** Which shadow database; the configured one unless said. */
  shadow?: ShadowChoice | null;
  /** The connected database, which gives the server's version and is never used as a shadow. */
  database?: Database | null;
  /** The text as it stands in the editor; what is on disk unless said. */
  text?: string;
}
