import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, readSources, root, undocumentedExports } from './source-tree.testing.ts';

/** From the bottom up. A package may import packages of lower layers, never of its own or a higher one. */
const LAYERS = [['host'], ['metrics', 'change'], ['observe', 'bench', 'tune', 'pkg'], ['cluster'], ['cli']];

/** Subprocesses start in one place, because there the rules about shells, timeouts and output sizes are kept. The exceptions: */
const MAY_SPAWN = new Map([
  ['packages/host/src/run.ts', 'it is that place'],
  ['packages/host/src/detached.ts', 'the guard of a change must go on when we are killed: a session of its own, and no pipes'],
  ['packages/host/src/foreground.ts', 'a program that a user runs under a profile has the terminal of the user, and no time limit'],
  [
    'packages/observe/src/record/sources/mactop-process.ts',
    'sudo asks for a password on our terminal, and mactop runs as long as we record',
  ],
]);

const MOST_LINES = 400;
const GRAB_BAGS = /^(?:utils?|helpers?|commons?|types?|misc|shared|lib|stuff|consts?|constants)(?:\.|$)/;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), 'utf8')) as T;
const layerOf = (name: string): number => LAYERS.findIndex((layer) => layer.includes(name));
const ours = (names: Iterable<string>): string[] =>
  [...new Set([...names].filter((name) => name.startsWith('@hecate/')).map((name) => name.split('/')[1] ?? ''))].toSorted();

const sources = readSources();
const workspace = readJson<Manifest>('package.json');
const packages = (workspace.workspaces ?? []).map((path) => ({
  path,
  name: basename(path),
  manifest: readJson<Manifest>(`${path}/package.json`),
  references: readJson<{ references: { path: string }[] }>(`${path}/tsconfig.json`).references.map(({ path: to }) => basename(to)),
}));

describe('packages', () => {
  it('are all in the workspace, in the compiler references and in the layers', () => {
    const inSources = [...new Set(sources.map((file) => file.package).filter((name) => name !== null))].toSorted();
    expect(packages.map(({ name }) => name).toSorted()).toEqual(inSources);
    const compiled = readJson<{ references: { path: string }[] }>('tsconfig.json').references.map(({ path }) => path);
    expect(compiled).toEqual(expect.arrayContaining(packages.map(({ path }) => path)));
    for (const { name } of packages) expect(layerOf(name), `${name} has a layer`).toBeGreaterThanOrEqual(0);
  });

  it('share one version and one oldest Node', () => {
    for (const { manifest } of packages) {
      expect(manifest.version, manifest.name).toBe(workspace.version);
      expect(manifest.engines.node, manifest.name).toBe(workspace.engines.node);
      for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
        if (name.startsWith('@hecate/')) expect(range, `${manifest.name} wants ${name}`).toBe(workspace.version);
      }
    }
  });

  it.each(packages)('$name: imports, dependencies and references agree', ({ name, manifest, references }) => {
    const files = sources.filter((file) => file.package === name);
    const shipped = ours(files.filter((file) => !file.isTest).flatMap((file) => importsOf(file.text)));
    const tested = ours(files.flatMap((file) => importsOf(file.text))).filter((other) => other !== name);
    const dependencies = ours(Object.keys(manifest.dependencies ?? {}));
    const anyDependencies = [...dependencies, ...ours(Object.keys(manifest.devDependencies ?? {}))];
    expect(dependencies, 'package.json dependencies name what the sources import').toEqual(expect.arrayContaining(shipped));
    expect(anyDependencies, 'package.json names what the tests import').toEqual(expect.arrayContaining(tested));
    expect(references.toSorted(), 'tsconfig references are the dependencies').toEqual(dependencies);
  });

  it.each(packages)('$name: depends on lower layers only', ({ name, manifest }) => {
    const wrong = sources
      .filter((file) => file.package === name)
      .flatMap((file) =>
        ours(importsOf(file.text))
          .filter((other) => other !== name && !(layerOf(other) < layerOf(name)))
          .map((other) => `${file.path} imports @hecate/${other}`),
      );
    expect(wrong).toEqual([]);
    for (const other of ours(Object.keys(manifest.dependencies ?? {}))) expect(layerOf(other), other).toBeLessThan(layerOf(name));
  });

  it('offer their index and nothing else', () => {
    const deep = sources.flatMap((file) =>
      importsOf(file.text)
        .filter((name) => /^@hecate\/[^/]+\//.test(name) || leavesItsPackage(file.path, name))
        .map((name) => `${file.path} imports ${name}`),
    );
    expect(deep).toEqual([]);
    // The top one is a program: nobody can import it.
    for (const { path, name } of packages) {
      if (name !== 'cli') expect(existsSync(join(root, path, 'src', 'index.ts')), `${path}/src/index.ts exists`).toBe(true);
    }
  });
});

/** True for a relative import from inside a package to a place outside of it. */
function leavesItsPackage(path: string, name: string): boolean {
  const home = /^packages\/[^/]+\//.exec(path)?.[0];
  return home !== undefined && name.startsWith('.') && !normalize(join(dirname(path), name)).startsWith(home);
}

describe('files', () => {
  it('are named in kebab-case', () => {
    const wrong = sources
      .map(({ path }) => path)
      .filter((path) => !path.split('/').every((part) => /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(part)));
    expect(wrong).toEqual([]);
  });

  it('are named for what they hold', () => {
    const wrong = sources.map(({ path }) => path).filter((path) => path.split('/').some((part) => GRAB_BAGS.test(part)));
    expect(wrong).toEqual([]);
  });

  it(`have at most ${MOST_LINES} lines`, () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path} has ${lines} lines`);
    expect(long).toEqual([]);
  });

  it('document every exported symbol', () => {
    const bare = sources
      .filter((file) => file.package !== null && file.path.includes('/src/') && !file.isTest)
      .flatMap((file) => undocumentedExports(file.text).map((name) => `${file.path}: ${name}`));
    expect(bare).toEqual([]);
  });
});

describe('subprocesses', () => {
  it('never go through a shell', () => {
    const wrong = sources
      .filter(
        ({ text }) =>
          /\bshell:\s*(?:true|['"`])/.test(text) || /\b(?:exec|execSync)\b[^;]*\bfrom\s*['"](?:node:)?child_process['"]/.test(text),
      )
      .map(({ path }) => path)
      .filter((path) => path !== 'test/architecture.test.ts');
    expect(wrong).toEqual([]);
  });

  it('start in one place', () => {
    const spawning = sources
      .filter((file) => file.package !== null && file.path.includes('/src/') && !file.isTest)
      .filter((file) => importsOf(file.text).some((name) => /^(?:node:)?child_process$/.test(name)))
      .map(({ path }) => path);
    expect(spawning.filter((path) => !MAY_SPAWN.has(path))).toEqual([]);
    expect(
      [...MAY_SPAWN.keys()].filter((path) => !spawning.includes(path)),
      'exceptions that are no longer needed',
    ).toEqual([]);
  });
});

// The rules above are only as good as these two readers of source text.
describe('the readers', () => {
  it('see every form of import', () => {
    const text = [
      `import { a } from 'one';`,
      `import type { A } from "two";`,
      `import {\n  b,\n  c,\n} from 'three';`,
      `export { d } from 'four';`,
      `export * from 'five';`,
      `import 'six';`,
      `const x = await import('seven');`,
      `const y = require('eight');`,
      `// import { z } from nothing`,
    ].join('\n');
    expect(importsOf(text).toSorted()).toEqual(['eight', 'five', 'four', 'one', 'seven', 'six', 'three', 'two']);
  });

  it('see which exports lack a doc comment', () => {
    const text = [
      '/** Documented. */',
      'export function one(): void {}',
      '/**',
      ' * Documented in lines.',
      ' */',
      'export interface Two {}',
      'export const three: number = 3;',
      '// A line comment is no doc comment.',
      'export type Four = string;',
      '/* Nor is this. */',
      'export async function five(): Promise<void> {}',
      'function six(): void {}',
      '/** Documented. */',
      'const seven = 7;',
      'export { six, seven as eight };',
      "export { nine } from './nine.ts';",
      '/** Documented, not beside it. */',
      '',
      'export class Ten {}',
    ].join('\n');
    expect(undocumentedExports(text)).toEqual(['three', 'Four', 'five', 'Ten', 'six']);
  });
});
