import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** How a bundle of CommonJS knows where it is, as the command line does. */
const WHERE_IT_IS = {
  define: { 'import.meta.url': '__program_url' },
  banner: { js: 'const __program_url = require("node:url").pathToFileURL(__filename).href;' },
} as const;

/**
 * Bundles the program `entry`, a file of these sources with `@hecate/host` from its sources, into the one file `outfile`:
 * `.cjs` as the command line is bundled, else a module. What tests run in other namespaces, containers and users needs nothing else,
 * but koffi, which is left outside.
 */
export async function bundleProgram(entry: URL, outfile: string): Promise<void> {
  const isCommon = outfile.endsWith('.cjs');
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: isCommon ? 'cjs' : 'esm',
    target: 'node20',
    external: ['koffi'],
    alias: { '@hecate/host': fileURLToPath(new URL('../../host/src/index.ts', import.meta.url)) },
    logLevel: 'error',
    ...(isCommon ? WHERE_IT_IS : {}),
  });
}
