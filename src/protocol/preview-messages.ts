import * as v from 'valibot';

/** Host to the page of a plan's preview: the document anew, as HTML that was made safe. */
export const previewContentSchema = v.object({ kind: v.literal('content'), html: v.string() });
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
