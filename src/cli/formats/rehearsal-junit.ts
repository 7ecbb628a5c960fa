import path from 'node:path';
import { migrationTitle } from '../../layouts/migration-title';
import { copiedDetails } from '../../rehearse/copy/copied-text';
import { differenceLines } from '../../rehearse/difference-text';
import { blockingLines } from '../../rehearse/measure/blocking-lines';
import { isProven, type MigrationRehearsal, type Rehearsal } from '../../rehearse/rehearsal';
import { verdictSentence } from '../../rehearse/verdict-sentence';
import { nameInWorkspace } from './lint-report';

/**
 * A JUnit report, one test per migration, in the elements that CI servers have in common:
 * https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 */
export async function rehearsalJunit({ migrations, shadow, data }: Rehearsal, root: string): Promise<string> {
  const cases: string[] = [];
  for (const migration of migrations) cases.push(...(await testCase(migration, root)));
  const counts = attributes({
    tests: migrations.length,
    failures: migrations.filter(isFailure).length,
    errors: 0,
    skipped: migrations.filter(({ verdict }) => verdict === 'irreversible').length,
    time: seconds(migrations.reduce((sum, { milliseconds }) => sum + milliseconds, 0)),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'switchback rehearse' })}${counts}>`,
    `  <testsuite${attributes({ name: 'switchback rehearse' })}${counts}>`,
    '    <properties>',
    ...Object.entries(shadow).map(
      ([name, value]) => `      <property${attributes({ name: `shadow.${name}`, value })}/>`,
    ),
    ...Object.entries(data ? copiedDetails(data) : {}).map(
      ([name, value]) => `      <property${attributes({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases.map((line) => `    ${line}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function isFailure({ verdict }: MigrationRehearsal): boolean {
  return !isProven(verdict) && verdict !== 'irreversible';
}

async function testCase(migration: MigrationRehearsal, root: string): Promise<string[]> {
  const file = nameInWorkspace(root, migration.path);
  const opening = `<testcase${attributes({
    classname: path.posix.dirname(file),
    name: migrationTitle(migration),
    file,
    time: seconds(migration.milliseconds),
  })}>`;
  return [opening, ...(await outcome(migration)), ...output(migration), '</testcase>'];
}

async function outcome(migration: MigrationRehearsal): Promise<string[]> {
  const { verdict, error, differences, notes } = migration;
  if (verdict === 'irreversible') {
    return [`  <skipped${attributes({ message: notes[0] ?? verdict })}/>`];
  }
  if (!isFailure(migration)) return [];
  // What fails after a down that restores something else is a consequence of it.
  const message = `${verdict}: ${verdict === 'differs' ? verdictSentence(migration) : (error ?? verdictSentence(migration))}`;
  const details = [...(error === null ? [] : [error]), ...(await differenceLines(differences))];
  return [`  <failure${attributes({ message, type: verdict })}>${text(details.join('\n'))}</failure>`];
}

/** The verdict where it is more than "exact", and what else was noticed. */
function output(migration: MigrationRehearsal): string[] {
  const { verdict, notes, differences } = migration;
  const said = [
    ...(verdict === 'text-only' || verdict === 'order-only'
      ? [`${verdict}: ${differences.map(({ object, property }) => `${object}, ${property}`).join('; ')}`]
      : []),
    ...notes,
    ...blockingLines(migration),
  ];
  return said.length === 0 ? [] : [`  <system-out>${text(said.join('\n'))}</system-out>`];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(
      ([name, value]) => ` ${name}="${text(String(value)).replaceAll('"', '&quot;').replace(/\s+/g, ' ')}"`,
    )
    .join('');
}

/** What XML 1.0 allows: https://www.w3.org/TR/xml/#charsets */
const forbidden =
  /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{7f}-\u{84}\u{86}-\u{9f}]/gu;

function text(value: string): string {
  return value
    .replace(forbidden, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
