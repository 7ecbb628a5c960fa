import path from 'node:path';
import { defaultConfiguration, type Configuration } from '../../src/journey/configuration';
import type { JourneyContext } from '../../src/journey/workspace';
import { systemClock } from '../../src/ports/clock';
import { nodePrograms } from '../../src/ports/node-programs';
import { nodeFiles } from '../../src/ports/node-files';

const project = path.resolve(__dirname, '..', '..');

/** A journey in a folder, for tests: says yes to every question unless told otherwise. */
export function testContext(
  root: string,
  choices: { configuration?: Partial<Configuration>; answer?: boolean; trusted?: boolean } = {},
): JourneyContext {
  const answer = choices.answer ?? true;
  return {
    workspace: {
      root,
      configuration: { ...defaultConfiguration, ...choices.configuration },
      assets: {
        dist: path.join(project, 'dist'),
        templates: path.join(project, 'templates'),
        cache: path.join(project, '.switchback-test', 'cache'),
      },
      trusted: choices.trusted ?? true,
    },
    files: nodeFiles(),
    clock: systemClock(),
    prompt: { confirm: async () => answer, typeToConfirm: async () => answer },
    programs: nodePrograms(() => undefined),
    progress: { report: () => undefined },
    signal: new AbortController().signal,
    user: 'tester',
  };
}
