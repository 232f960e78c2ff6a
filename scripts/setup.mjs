// Makes the checkout ready to run: libraries, compiled packages, dashboard page, command line bundle.
// `npm start` and `npm test` call it first, so it imports nothing but Node and says nothing when there is nothing to do.
// All output goes to standard error: standard output belongs to the program that starts next.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode } from './setup/node-version.mjs';
import { libraries } from './setup/libraries.mjs';
import { withLock } from './setup/lock.mjs';
import { root } from './setup/root.mjs';
import { bundle, compile, dashboard } from './setup/steps.mjs';

checkNode();

// In this order: each step may read what the ones before it made.
const steps = [libraries, compile, dashboard, bundle];

/** Runs one command in the checkout, its output on our standard error. Resolves when it succeeded. */
const run = (argv) =>
  new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { cwd: root, stdio: ['ignore', 2, 2] });
    // When we are told to end, what we started ends too: nobody may go on building after the lock is free.
    const stop = () => child.kill();
    process.on('exit', stop);
    child.on('error', reject);
    child.on('exit', (status, signal) => {
      process.off('exit', stop);
      if (status === 0) resolve();
      else reject(new Error(`${argv.join(' ')} ended with ${signal ?? `status ${status}`}.`));
    });
  });

/** True when every step's outputs are there and fit its inputs. */
const ready = () => steps.every((step) => step.isFresh());

/** Does what is not done yet. Holds the lock, so what it finds stale nobody else is building. */
async function setUp() {
  for (const step of steps) {
    if (step.isFresh()) continue;
    process.stderr.write(`hecate set-up: ${step.title}\n`);
    await step.run(run);
  }
}

try {
  if (!ready()) await withLock(join(root, 'build', 'setup.lock'), setUp);
} catch (error) {
  process.stderr.write(`hecate set-up failed: ${error.message}\n`);
  if (!existsSync(join(root, 'node_modules')))
    process.stderr.write('It needs the npm registry once: check the network, then run it again.\n');
  process.exitCode = 1;
}
