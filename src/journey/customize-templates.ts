import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { findMistake } from '../templates/engine';
import type { TemplateMistake } from '../templates/mistake';
import { shippedTemplates, templateFiles, type TemplateGroup } from '../templates/shipped-templates';
import { templateFolders } from './release';
import type { JourneyContext } from './workspace';

/** `own`: the workspace has its own text; `same`: it has a copy that is still the shipped text. */
export type TemplateState = 'shipped' | 'same' | 'own';

export interface CustomizableTemplate {
  /** Below a folder of templates: `plan.md.hbs`. */
  name: string;
  makes: string;
  group: TemplateGroup;
  state: TemplateState;
  shippedFile: string;
  /** Where the workspace's own lies, or would. */
  ownFile: string;
}

export interface CustomizeOutcome {
  copied: string[];
  /** Own templates that were kept as they are. */
  kept: string[];
}

/** The shipped templates and partials, and which of them the workspace has replaced. Throws `untrusted-workspace`. */
export async function customizableTemplates(context: JourneyContext): Promise<CustomizableTemplate[]> {
  const { shipped, own } = ownFolders(context);
  const templates = await shippedTemplates(shipped, context.files);
  return Promise.all(
    templates.map(async ({ name, makes, group }) => {
      const shippedFile = path.join(shipped, ...name.split('/'));
      const ownFile = path.join(own, ...name.split('/'));
      const text = await context.files.readIfExists(ownFile);
      const isSame = text !== null && sameText(text, await context.files.read(shippedFile));
      const state = text === null ? 'shipped' : isSame ? 'same' : 'own';
      return { name, makes, group, state, shippedFile, ownFile };
    }),
  );
}

/**
 * Copies shipped templates into the workspace. One that is there with another text is overwritten only after a
 * yes. Throws `not-found` for a name that is no shipped template and `untrusted-workspace`.
 */
export async function customizeTemplates(
  context: JourneyContext,
  names: readonly string[],
): Promise<CustomizeOutcome> {
  const all = await customizableTemplates(context);
  const outcome: CustomizeOutcome = { copied: [], kept: [] };
  for (const template of names.map((name) => templateNamed(all, name))) {
    if (template.state === 'same' || (template.state === 'own' && !(await mayReplace(context, template)))) {
      outcome.kept.push(template.ownFile);
      continue;
    }
    await context.files.write(template.ownFile, await context.files.read(template.shippedFile));
    outcome.copied.push(template.ownFile);
  }
  return outcome;
}

/** Removes the workspace's own template, after a yes when it has another text. True when the shipped one is used now. */
export async function backToShipped(context: JourneyContext, name: string): Promise<boolean> {
  const template = templateNamed(await customizableTemplates(context), name);
  if (template.state === 'own') {
    const agreed = await context.prompt.confirm({
      id: 'overwrite',
      title: t('Remove your own {0}?', name),
      detail: t(
        'Documents are made with the shipped template again. Git keeps the text only if it is committed.',
      ),
      accept: t('Remove'),
    });
    if (!agreed) return false;
  }
  await context.files.remove(template.ownFile);
  return true;
}

/** The mistakes in the workspace's own templates, as far as their text shows them. Throws `untrusted-workspace`. */
export async function templateMistakes(
  context: JourneyContext,
): Promise<{ file: string; mistake: TemplateMistake | null }[]> {
  const { shipped, own } = ownFolders(context);
  const places = { shippedFolder: shipped, overrideFolder: own, files: context.files };
  const found = await templateFiles(own, context.files);
  return Promise.all(
    found.map(async (file) => {
      const source = await context.files.read(file);
      return { file, mistake: await findMistake({ file, source: source.replaceAll('\r\n', '\n') }, places) };
    }),
  );
}

function mayReplace(context: JourneyContext, { name, ownFile }: CustomizableTemplate): Promise<boolean> {
  return context.prompt.confirm({
    id: 'overwrite',
    title: t('Overwrite your own {0}?', name),
    detail: t('{0} has been changed in this workspace. The shipped text would replace it.', ownFile),
    accept: t('Overwrite'),
  });
}

function templateNamed(all: readonly CustomizableTemplate[], name: string): CustomizableTemplate {
  const found = all.find((template) => template.name === name);
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      'There is no shipped template {0}. There are {1}.',
      name,
      all.map((template) => template.name).join(', '),
    ),
  );
}

function ownFolders(context: JourneyContext): { shipped: string; own: string } {
  const { shipped, override } = templateFolders(context);
  if (override !== null) return { shipped, own: override };
  throw new SwitchbackError(
    'untrusted-workspace',
    t(
      'This workspace is not trusted, so its templates are not used. Run "Workspaces: Manage Workspace Trust" first.',
    ),
  );
}

function sameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n');
}
