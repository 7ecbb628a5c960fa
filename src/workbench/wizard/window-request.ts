import path from 'node:path';
import { researchLinks } from '../../assess/research/research-links';
import { stepsOf } from '../../plan/plan';
import type { PageRequest } from '../../protocol/messages';
import { sqlOf } from './plan-view';
import type { WizardModel } from './wizard-model';
import type { WizardSurroundings } from './wizard-surroundings';

/** Answers a request that only opens or copies something in the window; others are left alone. */
export async function answerInWindow(
  request: PageRequest,
  model: WizardModel,
  around: WizardSurroundings,
): Promise<void> {
  switch (request.kind) {
    case 'pick-connection':
      return around.pickConnection();
    case 'use-embedded':
      return around.useEmbedded();
    case 'manage-trust':
      return around.manageTrust();
    case 'show-log':
      return around.showLog();
    case 'copy':
      return around.copy(request.text);
    case 'open-file':
      return around.openFile(path.resolve(around.root, request.path), request.line);
    case 'open-text':
      return around.openSql(request.title, request.sql);
    case 'open-dependent':
      return openDependent(request.id, model, around);
    case 'open-link':
      return openLink(request.address, model, around);
    case 'open-sql': {
      const plan = model.plan ?? model.sketch?.plan;
      const step = plan && stepsOf(plan).find((item) => item.id === request.step);
      const part = step && sqlOf(step).find((item) => item.part === request.part);
      return part ? around.openSql(`${request.step}.${request.part}`, part.sql) : undefined;
    }
    default:
      return;
  }
}

/** Only what the assessment offers: nothing that a page makes up leaves the window. */
async function openLink(
  address: string,
  { assessment }: WizardModel,
  around: WizardSurroundings,
): Promise<void> {
  const offered = assessment?.research ? researchLinks(assessment.research) : [];
  if (address.startsWith('https://') && offered.some((link) => link.address === address))
    await around.openLink(address);
}

/** A file at its first place, or the SQL that makes an object. */
async function openDependent(
  id: string,
  { assessment }: WizardModel,
  around: WizardSurroundings,
): Promise<void> {
  const place = assessment?.codeReferences.references.find(({ path: file }) => file === id);
  if (place) return around.openFile(path.resolve(around.root, place.path), place.line);
  const object = assessment?.dependencies?.objects.find((each) => each.id === id);
  if (object?.definition) await around.openSql(object.name, object.definition);
}
