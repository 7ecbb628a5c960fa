/** Questions an action may have to ask. The command line answers from flags, the workbench asks. */
export interface Prompt {
  /** True when the user says yes. `detail` says what will happen. */
  confirm(question: ConfirmQuestion): Promise<boolean>;
  /** True when the user typed `expected` exactly (a production database's name). */
  typeToConfirm(question: ConfirmQuestion & { expected: string }): Promise<boolean>;
}

export interface ConfirmQuestion {
  /** Names the question, so that a face without a person can answer it by flag. */
  id:
    | 'consent-schema'
    | 'overwrite'
    | 'production'
    | 'no-return'
    | 'drop'
    | 'shorten-wait'
    | 'mark-applied'
    | 'run-again'
    | 'copied-database'
    | 'release-taken-back'
    | 'roll-back'
    | 'renumber'
    | 'measure-server'
    | 'sample-batch'
    | 'repair'
    | 'run-along'
    | 'copy-rows'
    | 'create-issues'
    | 'abandon'
    | 'adopt'
    | 'begun-by-hand'
    | 'replan';
  /** The step it is about, where each is asked by itself. */
  step?: string;
  title: string;
  detail: string;
  /** The words on the button that says yes. */
  accept: string;
}
