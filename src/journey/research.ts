import type { SingleChange } from '../assess/change';
import { codeSearch } from '../assess/research/code-search';
import { officialPages } from '../assess/research/official-pages';
import { recipeNotes } from '../assess/research/pitfalls';
import type { Research, ResearchLink } from '../assess/research/research';
import { toolPages } from '../layouts/tool-pages';
import { migrationFolders, type MigrationFolder } from './migrations';
import { similarMigrations } from './similar-migrations';
import type { JourneyContext } from './workspace';

/**
 * What is known of a change like this: from the product itself, and from the migrations and the git of the workspace.
 * Nothing is fetched; addresses are for people to open. Throws `cancelled`.
 */
export async function researchChange(
  context: JourneyContext,
  change: SingleChange,
  major: number,
): Promise<Research> {
  const folders = await migrationFolders(context);
  const { past, note } = await similarMigrations(context, folders, change);
  return {
    pages: officialPages(change.kind, major),
    tools: toolLinks(folders),
    codeSearch: codeSearch(change.kind),
    ...recipeNotes(change.kind),
    past,
    pastNote: note,
  };
}

/** One for each tool, however many folders it has. */
function toolLinks(folders: readonly MigrationFolder[]): ResearchLink[] {
  const links = folders.flatMap(({ layout, title }) => {
    const address = toolPages[layout];
    return address === null ? [] : [{ title, address }];
  });
  return links.filter(({ address }, index) => links.findIndex((each) => each.address === address) === index);
}
