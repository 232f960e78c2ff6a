// The tests of the macOS backend as one file that runs in a second: what the mutants are judged by, and what runs on other architectures.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { context } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, '../../..');
/** The sources of the backend. */
export const source = join(packages, 'metrics/src/darwin');

const tests = readdirSync(source, { recursive: true })
  // The parsers of programs' texts (text/) and the replay (recording/) call nothing native; they have no mutants. live.test.ts is for Macs.
  .filter((file) => file.endsWith('.test.ts') && !/^(?:text\/|recording\/|live\.)/.test(file))
  .sort((a, b) => (a < b ? -1 : 1));

/** What takes long, and what it asks of others is asked there too: it comes last. */
const LONG = /^(?:index|fallback.*)\.test\.ts$|^machines\//;

/** How soon a test is to run when `changed` has a mistake: beside it first, then what reads declarations, which is quick and catches most. */
function rankOf(test, changed) {
  if (changed !== null && test === `${changed.replace(/\.ts$/, '')}.test.ts`) return 0;
  const folder = changed === null ? '.' : dirname(changed);
  if (folder !== '.' && test.startsWith(`${folder}/`)) return 1;
  if (changed !== null && folder === '.' && test.startsWith(`${changed.replace(/\.ts$/, '')}/`)) return 1;
  return test.startsWith('binding/') ? 2 : LONG.test(test) ? 4 : 3;
}

/** Which tests a bundle has: those near to the mistake, the others, or all of them. */
const PARTS = { near: (rank) => rank <= 2, far: (rank) => rank > 2, all: () => true };

/** A module that runs the tests of a part, those first that are likely to see a mistake in `changed`, a file of the source. */
function entryFor(changed, part) {
  const ranked = tests.map((test) => ({ test, rank: rankOf(test, changed) })).filter(({ rank }) => PARTS[part](rank));
  const lines = ranked.sort((one, other) => one.rank - other.rank).map(({ test }) => `import ${JSON.stringify(join(source, test))};`);
  return `${lines.join('\n')}\nimport { judge } from 'vitest';\nawait judge();\n`;
}

/**
 * Bundles a part of the tests (`near`, `far`, `all`) into `outfile`, again and again, each time with another mistake: what has not changed
 * is read once. `write` takes the changed file, relative to the source, and its text; without them it writes the tests as they are.
 */
export async function openBundle(outfile, part = 'all') {
  let changed = null;
  let mistaken = '';
  const bundle = await context({
    entryPoints: ['tests'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // The package says that its files do nothing by themselves; tests do.
    ignoreAnnotations: true,
    external: ['koffi', 'fast-check', '@vitest/expect', 'chai'],
    alias: { vitest: join(here, 'judge.mjs'), '@hecate/host': join(packages, 'host/src/index.ts') },
    plugins: [
      {
        name: 'mutant',
        setup({ onLoad, onResolve }) {
          onResolve({ filter: /^tests$/ }, () => ({ path: 'tests', namespace: 'tests' }));
          onLoad({ filter: /^tests$/, namespace: 'tests' }, () => ({ contents: entryFor(changed, part), resolveDir: here, loader: 'ts' }));
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const text = changed !== null && path === join(source, changed) ? mistaken : readFileSync(path, 'utf8');
            return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
          });
        },
      },
    ],
  });
  return {
    async write(file = null, text = '') {
      changed = file;
      mistaken = text;
      await bundle.rebuild();
    },
    close: () => bundle.dispose(),
  };
}

/** Writes the bundle to `outfile`. */
export async function bundleTests(outfile) {
  const bundle = await openBundle(outfile);
  await bundle.write();
  await bundle.close();
}
