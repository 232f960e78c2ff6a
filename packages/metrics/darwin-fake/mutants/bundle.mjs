// The tests of the macOS backend as one file that runs in a second: what the mutants are judged by, and what runs on other architectures.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, '../../..');
/** The sources of the backend. */
export const source = join(packages, 'metrics/src/darwin');

const tests = readdirSync(source, { recursive: true })
  // The parsers of programs' texts (text/) and the replay (recording/) call nothing native; they have no mutants. live.test.ts is for Macs.
  .filter((file) => file.endsWith('.test.ts') && !/^(?:text\/|recording\/|live\.)/.test(file))
  // What reads declarations is quick and catches most.
  .sort((a, b) => Number(b.includes('binding')) - Number(a.includes('binding')));
const entry = `${tests.map((file) => `import ${JSON.stringify(join(source, file))};`).join('\n')}\nimport { judge } from 'vitest';\nawait judge();\n`;

/** Writes the bundle to `outfile`. `change`, if there is one, gives another text for a source, or null for the same. */
export async function bundleTests(outfile, change = () => null) {
  await build({
    stdin: { contents: entry, resolveDir: here, loader: 'ts' },
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
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const text = change(path) ?? readFileSync(path, 'utf8');
            return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
          });
        },
      },
    ],
  });
}
