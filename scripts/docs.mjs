// Makes the pages of docs/ that come from declarations in the code. --check writes nothing and fails when one is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup/root.mjs';

const isCheck = process.argv.includes('--check');

try {
  // Loaded here, so that packages that are not built are one sentence and not a stack.
  const { metricsPage } = await import('./docs/metrics-page.mjs');
  const { errorsPage } = await import('./docs/errors-page.mjs');
  const { cliPage } = await import('./docs/cli-page.mjs');
  const { brokenLinks } = await import('./docs/links.mjs');
  const { unknownNames } = await import('./docs/names.mjs');
  const pages = { 'docs/metrics.md': metricsPage(), 'docs/errors.md': errorsPage(), 'docs/cli.md': cliPage() };
  for (const [name, text] of Object.entries(pages)) {
    const path = join(root, name);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    if (isCheck) fail(`${name} is stale: run "node scripts/docs.mjs".`);
    else {
      writeFileSync(path, text);
      process.stdout.write(`${name} written.\n`);
    }
  }
  const { EVENT_KIND_NAMES } = await import('./docs/built.mjs');
  const events = readFileSync(join(root, 'docs', 'events.md'), 'utf8');
  for (const kind of EVENT_KIND_NAMES) if (!events.includes(`| \`${kind}\` |`)) fail(`docs/events.md has no row for ${kind}.`);
  for (const sentence of [...brokenLinks(), ...unknownNames()]) fail(sentence);
} catch (error) {
  // What the pages themselves refuse is a sentence; anything else is a defect of this script.
  if (error.constructor !== Error) throw error;
  fail(error.message);
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
