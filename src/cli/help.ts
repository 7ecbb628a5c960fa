import { t } from '../messages/translate';
import { wrapped, wrappedUsage } from './text/wrap';
import type { Verb, VerbKind, VerbOptions } from './verb';

/** The column where meanings begin, at most. */
const mostLeft = 28;

/** What `switchback --help` prints; `columns` is characters in a line. */
export function generalHelp(verbs: readonly Verb[], options: VerbOptions, columns: number): string {
  const list = table(
    verbs.map(({ name, summary }) => [name, summary]),
    columns,
  );
  return paragraphs(
    t('switchback: PostgreSQL schema changes without downtime, with a proven way back.'),
    `${t('Usage')}: switchback VERB [WORDS] [OPTIONS]`,
    list,
    titled(t('Options of every verb'), optionTable(options, columns)),
    t('Exit codes: 0 fine, 1 the answer is no, 2 wrong usage, 3 database unreachable.'),
  );
}

/** What `switchback VERB --help` prints. */
export function verbHelp(verb: Verb, common: VerbOptions, columns: number): string {
  const kinds = verb.kinds?.() ?? [];
  const ofKinds = new Set(kinds.flatMap(({ options }) => Object.keys(options)));
  const own = Object.entries(verb.options).filter(([name]) => !ofKinds.has(name));
  return paragraphs(
    ...usages(`switchback ${verb.name}`, verb.usage, columns),
    wrapped(verb.summary, columns, '').join('\n'),
    ...kindList(verb, kinds, columns),
    titled(kinds.length > 0 ? t('Options of every kind') : '', optionTable(Object.fromEntries(own), columns)),
    titled(t('Options of every verb'), optionTable(common, columns)),
  );
}

/** What `switchback plan rename-column --help` prints: what this one takes. */
export function kindHelp(verb: Verb, kind: VerbKind, columns: number): string {
  return paragraphs(
    ...usages(`switchback ${verb.name} ${kind.name}`, kind.usage, columns),
    wrapped(`${kind.title}. ${kind.description}`, columns, '').join('\n'),
    optionTable(kind.options, columns),
    t('What every kind takes beside it: switchback {0} --help', verb.name),
  );
}

function usages(call: string, usage: string, columns: number): string[] {
  const lines = usage.split('\n').flatMap((form) => {
    const [first = '', ...rest] = wrappedUsage(`${call} ${form}`, columns - 4, '');
    return [first, ...rest.map((line) => `    ${line}`)];
  });
  return [lines.join('\n')];
}

function kindList({ name }: Verb, kinds: readonly VerbKind[], columns: number): string[] {
  if (kinds.length === 0) return [];
  const headings = [...new Set(kinds.map(({ heading }) => heading))];
  return [
    t('KIND is one of these. What it takes: switchback {0} {1} --help', name, kinds[0]!.name),
    ...headings.map((heading) => {
      const listed = kinds.filter((kind) => kind.heading === heading);
      return titled(
        heading,
        table(
          listed.map((kind) => [kind.name, kind.title]),
          columns,
          mostLeft,
        ),
      );
    }),
  ];
}

function titled(title: string, listed: string): string {
  return title === '' || listed === '' ? listed : `${title}:\n${listed}`;
}

function optionTable(options: VerbOptions, columns: number): string {
  const rows = Object.entries(options).map(([name, { type, value, help }]): [string, string] => [
    `--${name}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`,
    help,
  ]);
  return table(rows, columns);
}

/** What is named on the left, what it means on the right, on lines below where it is long. */
function table(rows: readonly [string, string][], columns: number, left = leftOf(rows)): string {
  return rows
    .flatMap(([name, meaning]) => {
      const lines = wrapped(meaning, columns, ' '.repeat(left));
      if (name.length + 4 > left) return [`  ${name}`, ...lines];
      const [first = '', ...rest] = lines;
      return [`  ${name}`.padEnd(left) + first.trimStart(), ...rest];
    })
    .join('\n');
}

function leftOf(rows: readonly [string, string][]): number {
  return Math.min(mostLeft, Math.max(0, ...rows.map(([name]) => name.length + 4)));
}

function paragraphs(...parts: string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
