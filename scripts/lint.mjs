/**
 * Types and lint in one process: the programs whose types were checked are those that the rules ask, so that
 * nothing is read and bound twice. Prints what is wrong and exits with 1. Usage: node scripts/lint.mjs
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The program of a folder's tsconfig.json. */
function programOf(folder) {
  const file = path.join(root, folder, 'tsconfig.json');
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => stop([problem]) };
  const { fileNames, options, projectReferences, errors } = ts.getParsedCommandLineOfConfigFile(
    file,
    {},
    host,
  );
  if (errors.length > 0) stop(errors);
  return ts.createProgram({ rootNames: fileNames, options, projectReferences });
}

function show(problems) {
  const host = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  process.stdout.write(ts.formatDiagnostics(problems, host));
}

function stop(problems) {
  show(problems);
  process.exit(1);
}

/** What the rules find, with `programs` in the place of those that the parser would make from eslint.config.mjs. */
async function lint(programs) {
  const parser = {
    ...tseslint.parser,
    parseForESLint: (text, options) => tseslint.parser.parseForESLint(text, { ...options, programs }),
  };
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { files: ['**/*.ts'], languageOptions: { parser } },
  });
  const results = await eslint.lintFiles(['.']);
  const text = await (await eslint.loadFormatter('stylish')).format(results);
  if (text !== '') console.log(text);
  return results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
}

const programs = ['.', 'webview'].map(programOf);
const problems = programs.flatMap((program) => ts.getPreEmitDiagnostics(program));
show(ts.sortAndDeduplicateDiagnostics(problems));
const clean = await lint(programs);
process.exitCode = clean && problems.length === 0 ? 0 : 1;
