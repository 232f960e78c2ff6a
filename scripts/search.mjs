// Searches longer than `npm test` does: every property of the tests is tried TIMES times as often (20 unless told), with samples of its own.
// node scripts/search.mjs [TIMES] [word in the path of a test ...]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [first, ...others] = process.argv.slice(2);
const hasTimes = first !== undefined && /^[1-9]\d{0,5}$/.test(first);
const words = hasTimes || first === undefined ? others : [first, ...others];

const { status, error } = spawnSync(
  process.execPath,
  [
    fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url)),
    'run',
    '--config',
    fileURLToPath(new URL('../vitest.search.config.ts', import.meta.url)),
    ...words,
  ],
  { stdio: 'inherit', env: { ...process.env, HECATE_SEARCH: hasTimes ? first : '20' } },
);
if (error) throw error;
process.exitCode = status ?? 1;
