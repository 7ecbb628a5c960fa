/** A document and the pictures it gave, in order. */
export interface Photographed {
  name: string;
  files: string[];
}

const sentences: Record<string, { title: string; sentence: string }> = {
  plan: {
    title: 'plan.md',
    sentence: 'What is changed and why, step by step, with the SQL, the dates, the risks and the approvals.',
  },
  rollback: {
    title: 'rollback.md',
    sentence:
      'For whoever is on call: when to go back, which way, with commands to paste and messages to send.',
  },
  checklist: {
    title: 'checklist.md',
    sentence: 'Everything to be true before, during and after; what Switchback has on record is ticked.',
  },
  report: {
    title: 'report.md',
    sentence: 'What a verification found, each verdict with its evidence and the query that gave it.',
  },
  retrospective: {
    title: 'retrospective.md',
    sentence: 'What was planned and what it took, and the questions to talk about.',
  },
  scripts: {
    title: 'scripts/README.md',
    sentence: 'How operations run all of it with bash and psql, without an editor.',
  },
  'new-plan': {
    title: 'New Plan Document…',
    sentence: 'A plan document without a plan: what the connected database tells is filled in.',
  },
  'new-rollback': {
    title: 'New Rollback Runbook…',
    sentence: 'A runbook without a plan, from a few answers.',
  },
  'new-checklist': {
    title: 'New Checklist…',
    sentence: 'A checklist without a plan, for one type of migration.',
  },
};

/** docs/documents/README.md: each document with its sentence and its pictures. */
export function documentsPage(taken: readonly Photographed[]): string {
  const parts = taken.map(({ name, files }) => {
    const words = sentences[name];
    if (!words) throw new Error(`documents-page.ts has no sentence for ${name}.`);
    const pictures = files.map((file, index) => {
      const part = files.length === 1 ? '' : `, part ${index + 1} of ${files.length}`;
      return `![${words.title}${part}](${file})`;
    });
    return [`## ${words.title}`, words.sentence, ...pictures].join('\n\n');
  });
  return `# The documents, photographed

The sample shop's \`customers.name\` was renamed to \`full_name\` on a real server, from the plan to the clean-up; these are
the documents of that plan, as a reader of Markdown shows them. The last three were made without a plan.

*Made by \`npm run photograph\`.*

${parts.join('\n\n')}
`;
}
