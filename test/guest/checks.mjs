// Runs in the guest: every file of test/guest-checks exports `check()`, which throws on a difference, and may name kernel `modules`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'guest-checks');
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs'))
  .filter((file) => wanted.length === 0 || wanted.includes(file.replace('.mjs', '')));
let failed = 0;
console.log(`Linux ${release()}, node ${process.version}, ${files.length} checks`);
for (const file of files) {
  const started = performance.now();
  try {
    const { check, modules = [] } = await import(join(folder, file));
    for (const name of modules) {
      const done = spawnSync('modprobe', name.split(' '), { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`The module ${name} does not load: ${done.stderr}`);
    }
    await check();
    console.log(`ok ${file} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`NOT OK ${file}: ${error?.stack ?? error}`);
  }
}
if (files.length === 0) failed++;
process.exit(failed > 0 ? 1 : 0);
