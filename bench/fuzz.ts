/**
 * Lints 10,000 generated and damaged scripts: none may crash it, none may take longer than 200 ms of its own work.
 * Usage: node --import tsx bench/fuzz.ts [--files N] [--seed N]
 * Exit code 1 when one of the two is broken. Processor time is what counts: the machine's other work is not ours.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { lintScript } from '../src/safety/lint';
import { loadParser } from '../src/sql/parser';
import { fuzzedScripts } from '../test/safety/fuzz-scripts';
import { wrappedUp } from '../test/safety/wrapped-up';

const barMilliseconds = 200;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { files: { type: 'string', default: '10000' }, seed: { type: 'string', default: '4' } },
  });
  const files = Number(values.files);
  const parser = await loadParser();
  const crashes: { text: string; error: unknown }[] = [];
  const slow: { text: string; milliseconds: number }[] = [];
  let findings = 0;
  let characters = 0;
  const started = Date.now();
  const lint = (sql: string): number => lintScript(parser, wrappedUp(sql)).findings.length;
  // The first calls compile the code.
  for (const sql of fc.sample(fuzzedScripts(), { numRuns: 100, seed: 1 })) lint(sql);
  // In portions: all texts at once would fill the memory.
  for (let done = 0; done < files; done += 500) {
    const seed = Number(values.seed) + done;
    for (const text of fc.sample(fuzzedScripts(), { numRuns: Math.min(500, files - done), seed })) {
      characters += text.length;
      const before = process.cpuUsage();
      try {
        findings += lint(text);
      } catch (error) {
        crashes.push({ text, error });
      }
      const { user, system } = process.cpuUsage(before);
      slow.push({ text, milliseconds: (user + system) / 1000 });
      slow.sort((a, b) => b.milliseconds - a.milliseconds);
      slow.length = Math.min(slow.length, 5);
    }
  }
  const seconds = (Date.now() - started) / 1000;
  console.log(`${files} scripts, ${characters} characters, ${findings} findings, ${seconds.toFixed(0)} s`);
  console.log(`crashes: ${crashes.length} (bar: 0)`);
  for (const { text, error } of crashes.slice(0, 10)) console.log(`  ${String(error)}\n  ${excerpt(text)}`);
  console.log(`slowest: ${slow[0]!.milliseconds.toFixed(1)} ms of processor time (bar: ${barMilliseconds})`);
  for (const { text, milliseconds } of slow) {
    console.log(`  ${milliseconds.toFixed(1)} ms, ${text.length} characters: ${excerpt(text)}`);
  }
  if (crashes.length > 0 || slow[0]!.milliseconds > barMilliseconds) process.exitCode = 1;
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 160 ? `${text.slice(0, 100)} … ${text.slice(-40)}` : text);
}

void main();
