import { itemWord } from './ticks';

/** `<yyyymmdd>-<title in words>`: names the folder of a document, or a set of scripts. `now` is ISO 8601, UTC. */
export function datedId(title: string, now: string): string {
  return `${now.slice(0, 10).replaceAll('-', '')}-${itemWord(title).slice(0, 60).replace(/-+$/, '')}`;
}
