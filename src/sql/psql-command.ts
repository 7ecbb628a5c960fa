import { t } from '../messages/translate';

/** What a backslash command of psql means for the SQL around it (https://www.postgresql.org/docs/current/app-psql.html). */
export interface PsqlCommand {
  /** What the reader of a forecast has to know; null for commands that change nothing about it. */
  note: string | null;
  /** The variable it sets; `value` null where it is only known when psql runs. */
  sets?: { name: string; value: string | null };
  /** +1 for \if, -1 for \endif. */
  depth?: 1 | -1;
  /** psql ends here. */
  quits?: true;
}

const harmless =
  /^(?:a|C|cd|conninfo|copyright|crosstabview|d\w*\+?|drg\w*|e|echo|ef|encoding|errverbose|ev|f|getenv|getresults|h|H|help|html|l\w*\+?|o|out|p|password|pset|print|prompt|qecho|r|reset|restrict|s|setenv|sf\+?|sv\+?|t|T|timing|unrestrict|unset|w|warn|write|watch|x|z|\?|elif|else)$/;

/** Commands that send the statement before them, as a semicolon does. */
export function endsStatement(command: string): boolean {
  return /^\\(?:g|gx|gset|gexec|gdesc|crosstabview\w*|watch|bind\w*|parse|sendpipeline|;)(?![\w])/.test(
    command,
  );
}

/** Reads a command, from its backslash to its line's end. `variable` gives what \set gave before. */
export function readPsqlCommand(command: string, variable: (name: string) => string | null): PsqlCommand {
  const match = /^\\([A-Za-z_]+\+?|[!?;.])\s*([^]*)$/.exec(command);
  const name = match?.[1] ?? '';
  const rest = (match?.[2] ?? '').trim();
  switch (name) {
    case 'set':
      return setVariable(rest, variable);
    case 'unset':
      return { note: null, sets: { name: rest, value: null } };
    case 'i':
    case 'ir':
    case 'include':
    case 'include_relative':
      return {
        note: t(
          'psql runs the file {0} here. It was not analysed; the SQL in this file was.',
          psqlWords(rest, variable).text || rest,
        ),
      };
    case 'copy':
      return { note: copyNote(rest) };
    case 'c':
    case 'connect':
      return {
        note: t(
          'psql connects to another database or as another role here: what follows runs there. It was analysed as if it ran here.',
        ),
      };
    case 'if':
      return {
        note: t('psql decides here which part it runs. All parts were analysed, as if each of them ran.'),
        depth: 1,
      };
    case 'endif':
      return { note: null, depth: -1 };
    case 'q':
    case 'quit':
      return { note: t('psql ends here: what follows is not run.'), quits: true };
    case 'gexec':
      return {
        note: t('psql runs each value this query gives as a statement. Those statements were not analysed.'),
      };
    case '!':
      return { note: t('psql runs a command of the shell here. It was not analysed; the SQL after it was.') };
    case 'g':
    case 'gx':
    case 'gset':
    case 'gdesc':
    case 'bind':
    case 'watch':
      return { note: null };
    default:
      if (harmless.test(name)) return { note: null };
      return { note: t('This is a command of psql, not SQL. It was not analysed; the SQL after it was.') };
  }
}

function copyNote(rest: string): string {
  const copies = /^((?:"(?:[^"]|"")*"|[^\s("])+)\s*(?:\([^)]*\)\s*)?from\b/i.exec(rest);
  return copies
    ? t(
        'psql copies rows from its own side into {0}: ROW EXCLUSIVE on it while that runs. The rows were not analysed.',
        copies[1]!,
      )
    : t('psql copies rows to its own side: ACCESS SHARE on what it reads while that runs.');
}

function setVariable(rest: string, variable: (name: string) => string | null): PsqlCommand {
  const match = /^([^\s]+)\s*([^]*)$/.exec(rest);
  if (!match) return { note: null };
  const { text, known } = psqlWords(match[2]!, variable);
  return { note: null, sets: { name: match[1]!, value: known ? text : null } };
}

/** The arguments of a command written behind each other, which is what \set makes of them. */
function psqlWords(
  rest: string,
  variable: (name: string) => string | null,
): { text: string; known: boolean } {
  let known = true;
  const pattern =
    /'((?:[^'\\]|''|\\[^])*)'|"((?:[^"]|"")*)"|`[^`]*`|:(?:'(\w+)'|"(\w+)"|(\w+))|\s+|[^\s'"`:]+|[^]/g;
  const text = rest.replace(
    pattern,
    (sign: string, single?: string, double?: string, literal?: string, name?: string, plain?: string) => {
      if (single !== undefined) return unescaped(single);
      if (double !== undefined) return `"${double}"`;
      const used = literal ?? name ?? plain;
      if (used !== undefined) {
        const value = variable(used);
        if (value === null) known = false;
        return value === null ? '' : substituted(sign, value);
      }
      if (sign.startsWith('`')) known = false;
      return /^\s+$/.test(sign) ? '' : sign;
    },
  );
  return { text, known };
}

function unescaped(text: string): string {
  return text.replace(/''|\\([^])/g, (sign, escape?: string) =>
    escape === undefined ? "'" : ({ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[escape] ?? escape),
  );
}

/** What psql writes for `:name`, `:'name'` or `:"name"`. */
export function substituted(written: string, value: string): string {
  if (written.startsWith(":'")) return `'${value.replaceAll("'", "''")}'`;
  if (written.startsWith(':"')) return `"${value.replaceAll('"', '""')}"`;
  return value;
}
