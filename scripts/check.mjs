// Every check that reads the code without running it. All of them run even when one fails; the status is 1 when any did.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from './setup/outputs.mjs';
import { root } from './setup/root.mjs';

/** A tool from node_modules, by its file: what is on the PATH may be another version. */
const tool = (...path) => join(root, 'node_modules', ...path);

const checks = [
  ['types', tool('typescript', 'bin', 'tsc'), '-p', 'tsconfig.test.json'],
  ['lint', tool('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings'],
  ['format', tool('oxfmt', 'bin', 'oxfmt'), '--check'],
  ['dead code', tool('knip', 'bin', 'knip.js'), '--no-progress'],
  ...packages().map((path) => [`package ${path}`, tool('publint', 'src', 'cli.js'), path, '--strict']),
];
if (existsSync(join(root, 'scripts', 'docs.mjs'))) checks.push(['docs are fresh', join(root, 'scripts', 'docs.mjs'), '--check']);

/** Runs one check. Resolves to its status and everything it said. */
const run = (script, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, said: Buffer.concat(said).toString('utf8') }));
  });

const results = checks.map(([name, script, ...args]) => ({ name, begun: performance.now(), done: run(script, args) }));
for (const { name, begun, done } of results) {
  const { status, said } = await done;
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`);
  if (status !== 0) {
    process.stdout.write(said.replace(/^/gm, '     ').trimEnd() + '\n');
    process.exitCode = 1;
  }
}
if (process.exitCode) process.stdout.write('\nMuch of this is mended by: npm run fix\n');
