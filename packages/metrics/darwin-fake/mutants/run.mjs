// Injects mistakes into the macOS backend, one at a time, and runs its tests on each: every mutant must be caught.
//   npm run test:mutants -w packages/metrics            all of them
//   npm run test:mutants -w packages/metrics -- leak    those whose description has that word
// Each mutant is a bundle of the tests with one piece of one source replaced; nothing in the tree is touched.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests, openBundle, source } from './bundle.mjs';
import { generatedMutants } from './generated.mjs';
import { writtenMutants } from './written/list.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, `../build/mutants-${process.pid}`);
/** Milliseconds after which a mutant hangs, which is caught too. */
const PATIENCE = 60_000;

/** The text with the mistake in it. Throws when the place is not there any more, or there are several. */
function apply(text, { what, at, from, to }) {
  const place = at ?? text.indexOf(from);
  if (text.slice(place, place + from.length) !== from) throw new Error(`The place of this mutant is gone: ${what}`);
  if (at === undefined && text.indexOf(from, place + 1) >= 0) throw new Error(`The place of this mutant is not the only one: ${what}`);
  return text.slice(0, place) + to + text.slice(place + from.length);
}

/** Runs a bundle: null when all tests pass, else how the mutant was caught. */
function judge(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('close', (status, signal) => resolve(status === 0 ? null : signal ? `ended by ${signal}` : said.trim().split('\n')[0]));
  });
}

mkdirSync(output, { recursive: true });
if (!process.env.KEEP) process.on('exit', () => rmSync(output, { recursive: true, force: true }));
const sound = join(output, 'sound.mjs');
await bundleTests(sound);
const failure = await judge(sound);
if (failure !== null) {
  process.stderr.write(`The tests fail without any mutant: ${failure}\n`);
  process.exit(1);
}

const word = process.argv[2] ?? '';
const mutants = [...(await writtenMutants()), ...generatedMutants(source)].filter(({ what }) => what.includes(word));
// A mutant whose place is gone tests nothing: all of them are looked at before the first one runs.
const gone = mutants.flatMap((mutant) => {
  try {
    apply(readFileSync(join(source, mutant.file), 'utf8'), mutant);
    return [];
  } catch (error) {
    return [`${mutant.file}: ${error.message}`];
  }
});
if (gone.length > 0) {
  process.stderr.write(`${gone.join('\n')}\n`);
  process.exit(1);
}
const survivors = [];
const queue = mutants.entries();
const started = performance.now();
/** Tests near to the mistake catch most, in a third of the time. */
async function work(_, worker) {
  const bundles = await Promise.all(
    ['near', 'far'].map(async (part) => {
      const file = join(output, `${worker}-${part}.mjs`);
      return { file, bundle: await openBundle(file, part) };
    }),
  );
  for (const [, mutant] of queue) {
    const text = apply(readFileSync(join(source, mutant.file), 'utf8'), mutant);
    let caught = null;
    for (const { file, bundle } of bundles) {
      await bundle.write(mutant.file, text);
      caught = await judge(file);
      if (caught !== null) break;
    }
    if (caught === null) survivors.push(mutant);
    if (process.env.VERBOSE || caught === null)
      process.stdout.write(
        `${caught === null ? 'SURVIVED' : 'caught  '} ${mutant.file} ${mutant.what}${caught === null ? '' : ` | ${caught.slice(0, 120)}`}\n`,
      );
  }
  await Promise.all(bundles.map(({ bundle }) => bundle.close()));
}
await Promise.all(Array.from({ length: Math.max(1, Math.min(4, availableParallelism())) }, work));
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(`${mutants.length - survivors.length} of ${mutants.length} mutants caught in ${seconds} s\n`);
process.exitCode = survivors.length > 0 || mutants.length === 0 ? 1 : 0;
