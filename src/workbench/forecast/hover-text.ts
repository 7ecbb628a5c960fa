import { t } from '../../messages/translate';
import { lockName } from '../../safety/forecast/describe-forecast';
import type { Finding } from '../../safety/finding';
import type { Forecast } from '../../safety/forecast';
import { commandIds } from '../ids';
import { codeBlock, commandLink, escapeMarkdown } from './markdown';
import {
  depthWord,
  indexSentence,
  lockSentence,
  timeSentence,
  waitsAndGoesOn,
  workSentence,
} from './statement-facts';
import { strongestLocks } from '../../safety/forecast/strength';

/** What a hover is made of; everything in it is known already. */
export interface HoverFacts {
  forecast: Forecast;
  findings: readonly Finding[];
  /** Rows of the relations worked on, where a database told. */
  rows: number | null;
  /** Of each rule that found something: how it is written without harm. */
  rightVersions: ReadonlyMap<string, string>;
  /** Name of the connected database. */
  database: string | null;
  /** Why the file is not to be edited any more; null where it may be. */
  applied: string | null;
  file: string;
}

/** What a statement locks, who waits, what it reads and writes, what to write instead: as Markdown. */
export function hoverText(facts: HoverFacts): string {
  const parts = [
    title(facts),
    lockLesson(facts.forecast),
    facts.findings.length > 0 && facts.applied !== null ? escapeMarkdown(facts.applied) : '',
    ...facts.findings.map((finding) => instead(finding, facts)),
    factList(facts),
    ...facts.forecast.notes.map((note) => `_${escapeMarkdown(note)}_`),
    footer(facts),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function title({ forecast, rows }: HoverFacts): string {
  const strongest = strongestLocks(forecast.locks);
  const shown = strongest.slice(0, 3).map(lockSentence).join(', ');
  const locks =
    strongest.length > 3
      ? t('{0} and {1} more', shown, strongest.length - 3)
      : shown || t('No lock on a table');
  const time = forecast.locks.length > 0 ? timeSentence(forecast, rows) : null;
  const rest = [workSentence(forecast), ...(time === null ? [] : [time])];
  return `**${escapeMarkdown(locks)}** · ${rest.map(escapeMarkdown).join(' · ')}`;
}

function factList({ forecast, database }: HoverFacts): string {
  const strongest = strongestLocks(forecast.locks);
  const others = forecast.locks.filter((lock) => !strongest.includes(lock));
  const lines: [string, string | null][] = [
    [t('Also locks'), others.length > 0 ? others.map(lockSentence).join(', ') : null],
    [t('Indexes'), indexSentence(forecast)],
    [t('Held'), heldSentence(forecast)],
    [t('Transaction'), forecast.transactional ? null : t('refuses to run inside one')],
    [t('Running code'), forecast.compatible ? null : t('code written for the schema before may fail')],
    [t('Data'), forecast.dataRecoverable ? null : t('what it removes cannot come back')],
    [t('Forecast'), depthWord(forecast.depth, database)],
  ];
  return lines
    .flatMap(([name, value]) => (value === null ? [] : [`- ${name}: ${escapeMarkdown(value)}`]))
    .join('\n');
}

function heldSentence(forecast: Forecast): string | null {
  if (forecast.locks.length === 0) return null;
  return forecast.transactional ? t('from here until the transaction ends') : t('while it runs');
}

/** The lock's row of the conflict table, and the queue behind a lock that is only asked for. */
function lockLesson(forecast: Forecast): string {
  const [strongest] = strongestLocks(forecast.locks);
  if (!strongest) return '';
  const { waits, goesOn } = waitsAndGoesOn(strongest.mode);
  const name = lockName(strongest.mode);
  const lines = [
    `- ${t('Waits for {0}', name)}: ${escapeMarkdown(waits)}`,
    `- ${t('Goes on')}: ${escapeMarkdown(goesOn)}`,
  ];
  if (forecast.blocks.includes('writes')) {
    lines.push(
      `- ${escapeMarkdown(
        t(
          'While it waits for a transaction that is still open, all these queue behind it. A short lock_timeout ends that.',
        ),
      )}`,
    );
  }
  return lines.join('\n');
}

/** How to write it without harm. The finding's own words are not repeated: the editor shows them in the same hover. */
function instead(finding: Finding, { rightVersions }: HoverFacts): string {
  const { fix, rule } = finding;
  const link = commandLink(rule, commandIds.explainRule, rule);
  const texts = fix
    ? [...fix.edits.map((edit) => edit.newText), ...fix.creates.map((file) => file.text)]
    : [];
  const fixed = texts.map((text) => text.trim()).find((text) => text !== '');
  const text = fixed ?? rightVersions.get(rule);
  const head = fix
    ? t('Quick fix for {0}: {1}', link, escapeMarkdown(fix.title))
    : text === undefined
      ? link
      : t('Right, for {0}, for example:', link);
  return text === undefined ? head : `${head}\n\n${codeBlock(text, 'sql')}`;
}

function footer({ file }: HoverFacts): string {
  return commandLink(t('Show the forecast of the whole file'), commandIds.forecast, { file });
}
