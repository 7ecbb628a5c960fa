import type { Files } from './files';

/** The same files for one look at them: what is asked again has the answer it had the first time, see also `madeOf`. */
export function filesAskedOnce(files: Files): Files {
  const once = <Answer>(ask: (path: string) => Promise<Answer>): ((path: string) => Promise<Answer>) => {
    const known = new Map<string, Promise<Answer>>();
    return (asked) => {
      const answer = known.get(asked) ?? ask(asked);
      known.set(asked, answer);
      return answer;
    };
  };
  return {
    ...files,
    list: once((folder) => files.list(folder)),
    exists: once((file) => files.exists(file)),
    readIfExists: once((file) => files.readIfExists(file)),
    made: new WeakMap(),
  };
}

/** What `make` makes of a text; in one look at files once, however often it is asked for: many migrations share a file. */
export function madeOf<Made>(files: Files, text: string, make: (text: string) => Made): Made {
  if (!files.made) return make(text);
  const known = files.made.get(make) ?? new Map<string, unknown>();
  files.made.set(make, known);
  if (!known.has(text)) known.set(text, make(text));
  return known.get(text) as Made;
}
