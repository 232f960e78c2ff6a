// Runs every benchmark: packages/*/bench/*.mjs, one after the other so that they do not disturb each other.
// `npm run bench -- start` runs those whose path contains "start". A benchmark prints ratios measured side by side in one
// run; a slow result is for people to judge and fails nothing, a benchmark that crashes does.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from './setup/outputs.mjs';
import { root } from './setup/root.mjs';

const wanted = process.argv.slice(2);

const benches = packages()
  .map((path) => join(path, 'bench'))
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  // A file that exports something is there for the benchmarks that import it.
  .filter((path) => path.endsWith('.mjs') && !/^export /m.test(readFileSync(join(root, path), 'utf8')))
  .filter((path) => wanted.length === 0 || wanted.some((word) => path.includes(word)))
  .sort();

// Node 20 reads this file at every start, which is as long again as an empty start. It would be all that we measure.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

const crashed = [];
for (const path of benches) {
  process.stdout.write(`\n== ${path}\n`);
  const { status, signal, error } = spawnSync(process.execPath, ['--expose-gc', path], { cwd: root, env, stdio: ['ignore', 1, 2] });
  if (status !== 0) crashed.push(`${path} ended with ${error?.message ?? signal ?? `status ${status}`}.`);
}
if (benches.length === 0) process.stdout.write('No benchmark matches.\n');
for (const sentence of crashed) process.stdout.write(`\nCRASHED ${sentence}\n`);
process.exitCode = crashed.length > 0 || benches.length === 0 ? 1 : 0;
