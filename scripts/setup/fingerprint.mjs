import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root.mjs';

/** Folders that are made, not written: never inputs. */
const MADE = new Set(['node_modules', 'dist', 'build', 'coverage']);

/**
 * The files below `paths` (files or folders, relative to the checkout) whose name passes `wanted`; sorted, relative.
 * A path that does not exist counts as empty.
 */
export function filesBelow(paths, wanted = () => true) {
  /** @type {string[]} */
  const found = [];
  const walk = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of readdirSync(join(root, path))) if (!MADE.has(name)) walk(`${path}/${name}`);
    } else if (stat?.isFile() && wanted(path)) found.push(path);
  };
  paths.forEach(walk);
  return found.sort();
}

/**
 * A digest of these files' names and contents. Contents rather than times: it stays right through branch switches,
 * copies and clock changes, and 500 files cost about 20 ms.
 */
export function fingerprint(files) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

const stampFile = (name) => join(root, 'build', 'stamps', name);

/** The fingerprint under which step `name` last succeeded, or null. */
export function readStamp(name) {
  return existsSync(stampFile(name)) ? readFileSync(stampFile(name), 'utf8') : null;
}

/** Notes that step `name` succeeded on inputs with this fingerprint. */
export function writeStamp(name, value) {
  mkdirSync(dirname(stampFile(name)), { recursive: true });
  writeFileSync(stampFile(name), value);
}
