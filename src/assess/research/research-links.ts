import type { Research, ResearchLink } from './research';

/** All addresses that research offers. */
export function researchLinks({ pages, tools, codeSearch }: Research): ResearchLink[] {
  return [...pages, ...tools, ...(codeSearch === null ? [] : [codeSearch])];
}
