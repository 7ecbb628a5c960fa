import type { FollowedCatalog } from '../catalog/follow-catalog';
import { readerDigest } from '../catalog/read-catalog';

/** What is noted with a kept state, so that its schema need not be read again. */
export interface StateNote {
  /** What the tool made for itself. */
  ignoredObjects: string[];
  /** Null where another version of Switchback, which reads otherwise, has noted it. */
  followed: FollowedCatalog | null;
}

interface Written extends StateNote {
  reader: string;
}

export function writeStateNote(note: StateNote, major: number): string {
  const written: Written = { ...note, reader: readerDigest(major) };
  return JSON.stringify(written);
}

/** `major` is the server's that begins from the state. */
export function readStateNote(text: string, major: number): StateNote {
  const { reader, ignoredObjects, followed } = JSON.parse(text) as Written;
  return { ignoredObjects, followed: reader === readerDigest(major) ? followed : null };
}
