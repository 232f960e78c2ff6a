// A bench that counts processes runs in a pid namespace of its own, so that their number is what it says.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [mode, ...rest] = process.argv.slice(2);
const isInside = mode === '--inside';

/** What the bench was given on its command line. */
export const given = isInside ? rest : process.argv.slice(2);

/** Runs `work` in a second process of this program, `url`, which is in a namespace of its own. Needs root. */
export async function inOwnNamespace(url, work) {
  if (isInside) return work();
  const wrap = ['--pid', '--fork', '--mount-proc', '--kill-child', process.execPath, fileURLToPath(url), '--inside', ...given];
  const { status, error } = spawnSync('unshare', wrap, { stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
