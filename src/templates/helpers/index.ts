import type { TemplateHelper } from '../helper';
import { bytes } from './bytes';
import { cell } from './cell';
import { code } from './code';
import { comment } from './comment';
import { count } from './count';
import { date } from './date';
import { duration } from './duration';
import { hashComment } from './hash-comment';
import { ident } from './ident';
import { js } from './js';
import { jsComment } from './js-comment';
import { literal } from './literal';
import { mermaid } from './mermaid';
import { ordinal } from './ordinal';
import { py } from './py';
import { rb } from './rb';
import { rows } from './rows';
import { shell } from './shell';
import { text } from './text';

/** Everything templates can call beside what Handlebars has; docs/templates.md is made from it. */
export const templateHelpers: readonly TemplateHelper[] = [
  ident,
  literal,
  comment,
  shell,
  js,
  jsComment,
  py,
  rb,
  hashComment,
  text,
  cell,
  code,
  mermaid,
  date,
  duration,
  bytes,
  rows,
  count,
  ordinal,
];
