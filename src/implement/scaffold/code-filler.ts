import path from 'node:path';
import type { Layout } from '../../layouts/layout';
import type { FillCode } from '../../layouts/new-migration';
import type { Files } from '../../ports/files';
import { templateFiller } from '../../templates/engine';
import { templateFiles } from '../../templates/shipped-templates';
import { scriptSyntax } from '../new-migration/script-syntax';
import type { TemplateFolders } from './migration-text';

/**
 * Fills the templates of a layout whose migrations are code; undefined for one that has none. They see `module` where
 * JavaScript of the folder is written with import and export. Throws `invalid-file` for a template that is wrong.
 */
export async function codeFiller(
  layout: Pick<Layout, 'id'>,
  folder: string,
  files: Files,
  templates: TemplateFolders,
): Promise<FillCode | undefined> {
  const places = { shippedFolder: templates.shipped, overrideFolder: templates.override, files };
  const all = await templateFiles(path.join(templates.shipped, 'code'), files);
  const own = all
    .map((file) => path.basename(file, '.hbs'))
    .filter((name) => name.startsWith(`${layout.id}.`));
  if (own.length === 0) return undefined;
  const fillers = new Map<string, (context: object) => string>();
  for (const name of own) fillers.set(name, await templateFiller(`code/${name}.hbs`, places));
  const isModule = (await scriptSyntax(folder, files)) === 'module';
  return (template, values, file) =>
    fillers.get(template)!({
      ...values,
      module: /\.m[jt]s$/.test(file) || (isModule && !/\.c[jt]s$/.test(file)),
    });
}
