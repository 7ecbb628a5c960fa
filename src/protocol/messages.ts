import * as v from 'valibot';
import { sqlPartSchema } from './plan-phases';
import {
  changeDraftSchema,
  panelStateSchema,
  planOptionsSchema,
  prerequisiteIdSchema,
  runSchema,
  scopeFieldIdSchema,
  stationSchema,
  wizardStateSchema,
} from './wizard-state';

/** Host to page: a whole snapshot, or only the part that changes many times a second. */
export const hostMessageSchema = v.variant('kind', [
  v.object({ kind: v.literal('state'), state: wizardStateSchema, panel: panelStateSchema }),
  v.object({ kind: v.literal('run'), run: runSchema }),
]);
export type HostMessage = v.InferOutput<typeof hostMessageSchema>;

const bare = v.picklist([
  'ready',
  'pick-connection',
  'use-embedded',
  'assess',
  'sample-batches',
  'create-plan',
  'scaffold',
  'dry-run',
  'apply-next',
  'apply-phase',
  'pause',
  'resume',
  'cancel',
  'roll-back',
  'rehearse',
  'verify',
  'apply-contract',
  'dismiss-problem',
  'refresh',
  'show-log',
  'manage-trust',
]);

/** Page to host: what the user asked for. A request changes nothing in the page; the next state does. */
export const pageRequestSchema = v.variant('kind', [
  v.object({ kind: bare }),
  v.object({ kind: v.literal('go'), station: stationSchema }),
  v.object({ kind: v.literal('edit-change'), draft: changeDraftSchema, revision: v.number() }),
  v.object({
    kind: v.literal('edit-options'),
    options: planOptionsSchema,
    migrationFolder: v.string(),
  }),
  v.object({ kind: v.literal('edit-scope'), field: scopeFieldIdSchema, value: v.string() }),
  v.object({ kind: v.literal('keep-scope') }),
  v.object({ kind: v.literal('confirm-prerequisite'), prerequisite: prerequisiteIdSchema }),
  v.object({ kind: v.literal('open-file'), path: v.string(), line: v.nullable(v.number()) }),
  v.object({ kind: v.literal('open-sql'), step: v.string(), part: sqlPartSchema }),
  v.object({ kind: v.literal('open-text'), title: v.string(), sql: v.string() }),
  v.object({ kind: v.literal('open-dependent'), id: v.string() }),
  /** Only an address that the state itself offers. */
  v.object({ kind: v.literal('open-link'), address: v.string() }),
  v.object({ kind: v.literal('copy'), text: v.string() }),
  v.object({ kind: v.literal('release-phase'), phase: v.picklist(['expand', 'migrate', 'contract']) }),
  v.object({ kind: v.literal('confirm-deploy'), step: v.string() }),
  v.object({ kind: v.literal('confirm-gate'), gate: v.string() }),
  v.object({ kind: v.literal('waive-gate'), gate: v.string() }),
  v.object({ kind: v.literal('shorten-wait'), step: v.string() }),
]);
export type PageRequest = v.InferOutput<typeof pageRequestSchema>;
export type BareRequest = v.InferOutput<typeof bare>;

/** The request, or null for anything that is not one (then the host ignores and logs it). */
export function parsePageRequest(message: unknown): PageRequest | null {
  const result = v.safeParse(pageRequestSchema, message);
  return result.success ? result.output : null;
}

/** The message, or null for anything that is not one (then the page ignores it). */
export function parseHostMessage(message: unknown): HostMessage | null {
  const result = v.safeParse(hostMessageSchema, message);
  return result.success ? result.output : null;
}
