import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './fingerprint.mjs';
import { root } from './root.mjs';

/** The packages' folders, relative to the checkout. */
export function packages() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces;
}

/** What the compiler makes of every source: relative paths of the .js and .d.ts files. */
export function expectedOutputs() {
  return packages().flatMap((path) =>
    filesBelow([`${path}/src`], (file) => file.endsWith('.ts') && !/\.(?:test|testing|d)\.ts$/.test(file)).flatMap((file) => {
      const stem = file.replace('/src/', '/dist/').replace(/\.ts$/, '');
      return [`${stem}.js`, `${stem}.d.ts`];
    }),
  );
}

/** Removes compiled files whose source is gone, so that a deleted or renamed module cannot be imported by accident. */
export function sweepOutputs() {
  const expected = new Set(expectedOutputs());
  for (const path of packages()) {
    const dist = join(root, path, 'dist');
    if (!existsSync(dist)) continue;
    for (const entry of readdirSync(dist, { recursive: true })) {
      const compiled = /^(?<stem>.*)\.(?:js|d\.ts)(?:\.map)?$/.exec(entry);
      if (compiled && !expected.has(`${path}/dist/${compiled.groups.stem}.js`)) rmSync(join(dist, entry), { force: true });
    }
  }
}
