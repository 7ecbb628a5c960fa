import type { Files } from './files';

/** The same files for one look at them: what is asked again has the answer it had the first time. */
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
  };
}
