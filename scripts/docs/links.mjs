import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../setup/root.mjs';

/** Every hand-written or generated page of this repository. */
export function pages() {
  const inFolder = (folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(root, folder, name));
  const packages = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'README.md'));
  return [...inFolder('.'), ...inFolder('docs'), ...packages.filter((path) => existsSync(path))];
}

/** What GitHub calls a heading in an address. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (path) => new Set([...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading)));

/** Sentences about links to files or headings that are not there. */
export function brokenLinks() {
  const broken = [];
  for (const page of pages()) {
    const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path, anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      const found = existsSync(file) && (anchor === undefined || anchorsOf(file).has(anchor));
      if (!found) broken.push(`${relative(root, page)} links to ${target}, which is not there.`);
    }
  }
  return broken;
}
