import { existsSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readStamp, writeStamp } from './fingerprint.mjs';
import { root } from './root.mjs';

const wantedLock = join(root, 'package-lock.json');
const installedLock = join(root, 'node_modules', '.package-lock.json');

/** What is installed (its time changes with every npm command) for which lock file (its content). */
const state = () =>
  createHash('sha256')
    .update(readFileSync(wantedLock))
    .update(String(statSync(installedLock).mtimeMs))
    .digest('hex');

/** Installs the libraries exactly as the lock file names them. */
export const libraries = {
  title: 'installing libraries (npm ci)',

  // Our own install is known by its stamp, which survives a branch switch that touches the lock file and comes back.
  // One made by hand counts when it is newer than the lock file.
  isFresh: () =>
    existsSync(installedLock) && (readStamp('libraries') === state() || statSync(installedLock).mtimeMs >= statSync(wantedLock).mtimeMs),

  async run(run) {
    // Under `npm start` npm says where it is itself; that one may not be on the PATH.
    const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
    // The compiler is a dev dependency: NODE_ENV=production must not leave it out. No library needs its install script.
    await run([...npm, 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    writeStamp('libraries', state());
  },
};
