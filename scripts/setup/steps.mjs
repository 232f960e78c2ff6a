import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { root } from './root.mjs';
import { expectedOutputs, packages, sweepOutputs } from './outputs.mjs';

const isSource = (path) => !path.endsWith('.test.ts') && !path.endsWith('.testing.ts') && !path.includes('/build/');
const missing = (files) => files.some((file) => !existsSync(join(root, file)));

/**
 * A build step that is done when the stamp says that it succeeded on exactly these inputs and its outputs are still there.
 * `build(run)` makes them.
 */
function step({ name, title, inputs, outputs, build }) {
  return {
    title,
    isFresh: () => !missing(outputs()) && readStamp(name) === fingerprint(inputs()),
    async run(run) {
      // Taken first: a file that changes during the build makes the stamp stale, not wrong.
      const before = fingerprint(inputs());
      await build(run);
      const lacking = outputs().filter((file) => !existsSync(join(root, file)));
      if (lacking.length > 0) throw new Error(`${title} succeeded but did not make ${lacking.join(', ')}.`);
      writeStamp(name, before);
    },
  };
}

/** TypeScript: every package's src into its dist, with declarations. */
export const compile = step({
  name: 'compile',
  title: 'compiling',
  inputs: () =>
    filesBelow(
      [
        'package-lock.json',
        'tsconfig.base.json',
        'tsconfig.json',
        'packages/observe/dashboard',
        ...packages().flatMap((path) => [`${path}/package.json`, `${path}/tsconfig.json`, `${path}/src`]),
      ],
      isSource,
    ),
  outputs: () => expectedOutputs(),
  async build(run) {
    sweepOutputs();
    // The compiler compares times first; with notes that look ancient it compares contents, as we did.
    for (const notes of filesBelow(packages(), (path) => path.endsWith('.tsbuildinfo'))) utimesSync(join(root, notes), 0, 0);
    // It does not look for its outputs at all: when some are gone, it has to forget the notes.
    const force = missing(expectedOutputs()) ? ['--force'] : [];
    await run([process.execPath, 'node_modules/typescript/bin/tsc', '-b', ...force]);
  },
});

/** The dashboard: one self-contained html file. */
export const dashboard = step({
  name: 'dashboard',
  title: 'building the dashboard',
  inputs: () => filesBelow(['package-lock.json', 'packages/observe/dashboard', 'packages/observe/src', 'packages/metrics/src'], isSource),
  outputs: () => ['packages/observe/dist/dashboard.html'],
  build: (run) => run([process.execPath, 'packages/observe/dashboard/build.mjs']),
});

/** The command line: one bundle, and one for each command. */
export const bundle = step({
  name: 'bundle',
  title: 'bundling the command line',
  inputs: () =>
    filesBelow(
      [
        'package.json',
        'package-lock.json',
        'packages/cli/build.mjs',
        'packages/cli/package.json',
        ...packages().map((path) => `${path}/src`),
      ],
      isSource,
    ).concat(filesBelow(['packages/observe/dist/dashboard.html'])),
  outputs: () => [
    'packages/cli/dist/error.cjs',
    'packages/cli/dist/hecate.cjs',
    'packages/cli/dist/dashboard.html',
    ...filesBelow(['packages/cli/src/commands'], (path) => isSource(path) && path.split('/').length === 5).map((path) =>
      path.replace('/src/', '/dist/').replace(/\.ts$/, '.cjs'),
    ),
  ],
  build: (run) => run([process.execPath, 'packages/cli/build.mjs']),
});
