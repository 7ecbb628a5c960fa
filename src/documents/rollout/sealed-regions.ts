import { withLineEndsOf, withLineFeeds } from '../line-ends';
import { emitRegion, mergeRegions, parseRegions, type Region } from '../regions';

/** `<!-- switchback:begin ID -->` to `<!-- switchback:end ID -->`, each on a line of its own, as templates have them. */
const open =
  /^<!-- switchback:begin ([A-Za-z0-9][A-Za-z0-9._:-]*) -->\n([^]*?)\n<!-- switchback:end \1 -->$/gm;

/** A rendered document with the hash of its text at each of its regions. */
export function sealRegions(rendered: string): string {
  return rendered.replace(open, (_, id: string, content: string) => emitRegion(id, content.trim()));
}

/** A document that is there, brought up to what was generated now. */
export interface RenewedDocument {
  /** Its prose and edited regions as they were, all other regions as generated. */
  text: string;
  /** The same with what was generated in the place of edits that it differs from; null where there are none. */
  offered: string | null;
}

/**
 * Brings generated regions into a document that a person may have edited. An edited region keeps its text and is
 * marked with what was generated now, so that the same difference is reported once.
 */
export function renewDocument(current: string, generated: string): RenewedDocument {
  const merged = mergeRegions(current, generated);
  const conflicts = new Set(merged.conflicts.map(({ id }) => id));
  const fresh = new Map(parseRegions(generated).map((region) => [region.id, region]));
  const inConflicts = (change: (region: Region) => string): string =>
    parseRegions(merged.text)
      .filter(({ id }) => conflicts.has(id))
      .reverse()
      .reduce(
        (text, region) => text.slice(0, region.start) + change(region) + text.slice(region.end),
        merged.text,
      );
  const text = inConflicts(({ id, content }) => marked(id, fresh.get(id)!.hash, content));
  const offered = inConflicts(({ id }) => emitRegion(id, fresh.get(id)!.content));
  return {
    text: withLineEndsOf(current, text),
    // A person may have written just that.
    offered: text === offered ? null : withLineEndsOf(current, offered),
  };
}

/** A document without the marks of its regions, and without the regions that `leaveOut` names. */
export function withoutRegionMarks(document: string, leaveOut: (region: Region) => boolean): string {
  const text = withLineFeeds(document);
  const bare = parseRegions(text)
    .reverse()
    .reduce(
      (rest, region) =>
        rest.slice(0, region.start) + (leaveOut(region) ? '' : region.content) + rest.slice(region.end),
      text,
    );
  return `${bare.replace(/\n{3,}/g, '\n\n').trim()}\n`;
}

function marked(id: string, hash: string, content: string): string {
  return `<!-- switchback:begin ${id} ${hash} -->\n${content}\n<!-- switchback:end ${id} ${hash} -->`;
}
