// node test/guest/run.mjs [name…]: boots a guest and runs the checks of test/guest-checks in it, or those named.
// node test/guest/run.mjs --shell 'commands': runs bash commands there.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootGuest } from './boot.mjs';
import { prepareGuest } from './prepare.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const missing = ['qemu-system-x86_64', 'busybox', 'depmod', 'cpio', 'iasl', 'apt-get'].filter(
  (program) => spawnSync(program, ['--version']).error,
);
const [first, ...rest] = process.argv.slice(2);

if (missing.length > 0) {
  // Under CI a missing guest would hide a broken build.
  process.stderr.write(`\nGUEST CHECKS SKIPPED: ${missing.join(', ')} not installed. As root: node scripts/test-setup.mjs --guest\n\n`);
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
} else {
  const commands =
    first === '--shell'
      ? rest.join(' ')
      : `exec ${quote(process.execPath)} ${[join(here, 'checks.mjs'), ...process.argv.slice(2)].map(quote).join(' ')}`;
  const started = performance.now();
  process.exitCode = await bootGuest(prepareGuest(), `cd ${quote(dirname(dirname(here)))} && ${commands}\n`, {
    onLine: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`The guest ran for ${((performance.now() - started) / 1000).toFixed(0)} s.\n`);
}
