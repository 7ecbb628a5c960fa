import { t } from '../../messages/translate';
import { loneShadow } from '../shadow-option';
import type { Verb } from '../verb';

/** Its work is a program of its own (lint-run.ts), so that it starts with no more than it needs. */
export const lintVerb: Verb = {
  name: 'lint',
  summary:
    'What each statement locks, rewrites and scans, and what to do instead. Exits 1 on findings at --fail-on or above.',
  usage:
    'PATH... [--pg-version N] [--database-url URL] [--format text|json|sarif|github|gitlab] ' +
    '[--shadow [embedded|local|URL] | --emitted] [--fail-on error|warning] [--all]\n' +
    '--rules\n' +
    '--explain RULE',
  options: {
    'pg-version': {
      type: 'string',
      value: 'N',
      help: t('the major version that forecasts are for; a connected database tells its own'),
    },
    'fail-on': {
      type: 'string',
      value: 'error|warning',
      help: t('the lightest finding that fails: error (default) or warning'),
    },
    shadow: {
      type: 'string',
      value: 'embedded|local|URL',
      help: t('also runs each statement in a throw-away database and measures what it does'),
    },
    emitted: {
      type: 'boolean',
      help: t(
        'judges migrations in code by what their tool sends: it prints it, or runs them in a local PostgreSQL of our own',
      ),
    },
    all: { type: 'boolean', help: t('shows every statement, not only those that are loud or have findings') },
    rules: { type: 'boolean', help: t('lists the rules') },
    explain: { type: 'string', value: 'RULE', help: t('why a rule is there, with a bad and a good example') },
  },
  wordsOf: loneShadow,
  formats: ['sarif', 'github', 'gitlab'],
  async run(call) {
    const { runLint } = await import('./lint-run');
    return runLint(call);
  },
};
