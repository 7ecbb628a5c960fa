/**
 * The floors of the house, lowest first. A folder may import any lower floor; folders of one floor
 * never import each other, except the stations, which may import the stations to their left.
 */
export const floors = [
  ['messages'],
  ['ports'],
  ['sql'],
  ['database'],
  ['catalog'],
  ['layouts', 'templates', 'shadow'],
  ['safety', 'reverse'],
  ['rehearse', 'documents'],
  ['assess'],
  ['plan'],
  ['implement'],
  ['verify'],
  ['cleanup'],
  ['journey'],
  ['protocol'],
  ['workbench', 'cli'],
];

/** Zones for import-x/no-restricted-paths: for each folder, the folders it must not import. */
export function houseZones() {
  const zones = floors.flatMap((folders, level) =>
    folders.map((folder) => ({
      target: `./src/${folder}`,
      from: floors
        .slice(level)
        .flat()
        .filter((other) => other !== folder)
        .map((other) => `./src/${other}`)
        .concat('./src/extension.ts', './webview', './test'),
      message: `src/${folder} may import only the floors below it (scripts/house.mjs).`,
    })),
  );
  const allButProtocol = floors
    .flat()
    .filter((folder) => folder !== 'protocol' && folder !== 'messages')
    .map((folder) => `./src/${folder}`);
  zones.push({
    target: './webview',
    from: allButProtocol,
    message: 'The webview knows the host only through src/protocol.',
  });
  return zones;
}
