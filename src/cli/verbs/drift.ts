import path from 'node:path';
import { readShadowChoice, shadowOption } from '../shadow-option';
import { driftText } from '../text/drift';
import type { Verb } from '../verb';

export const driftVerb: Verb = {
  name: 'drift',
  summary:
    'Replays what is applied in a shadow database and compares its schema with the connected one, which is only read. Exits 1 when they differ.',
  usage: '[FOLDER] [--shadow embedded|local|URL]',
  options: { shadow: shadowOption },
  async run(call) {
    const { context, positionals, values } = call;
    const { findDrift, hasDrift } = await import('../../journey/drift');
    const [word] = positionals;
    const drift = await findDrift(context, await call.database(), {
      folder: word === undefined ? null : path.resolve(context.workspace.root, word),
      shadow: readShadowChoice(values),
    });
    const drifts = hasDrift(drift);
    return { exitCode: drifts ? 1 : 0, json: drift, text: await driftText(drift, drifts) };
  },
};
