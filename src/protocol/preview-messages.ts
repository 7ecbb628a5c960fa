import * as v from 'valibot';

/** What a page keeps for the next window: the folder of its plan, as a URI. */
export const previewStateSchema = v.object({ planUri: v.string() });
export type PreviewState = v.InferOutput<typeof previewStateSchema>;

/** Host to the page of a plan's preview: the document anew, as HTML that was made safe, and what the page keeps. */
export const previewContentSchema = v.object({
  kind: v.literal('content'),
  html: v.string(),
  state: previewStateSchema,
});
export type PreviewContent = v.InferOutput<typeof previewContentSchema>;

/** Page to host. `open`: a link to another file, as the document has it. */
export const previewRequestSchema = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('open'), path: v.string() }),
]);
export type PreviewRequest = v.InferOutput<typeof previewRequestSchema>;

/** A message from the host, or null for anything else. */
export function parsePreviewContent(message: unknown): PreviewContent | null {
  const result = v.safeParse(previewContentSchema, message);
  return result.success ? result.output : null;
}

/** A message from the page, or null for anything else. */
export function parsePreviewRequest(message: unknown): PreviewRequest | null {
  const result = v.safeParse(previewRequestSchema, message);
  return result.success ? result.output : null;
}

/** What a page kept, or null for anything else. */
export function parsePreviewState(kept: unknown): PreviewState | null {
  const result = v.safeParse(previewStateSchema, kept);
  return result.success ? result.output : null;
}
