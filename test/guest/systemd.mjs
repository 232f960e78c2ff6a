// A real systemd for checks in the guest, whose own first program is another: process 1 of namespaces and a control group of its own.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const GROUP = `${ROOT}/hecate-own-systemd`;
const UNITS = '/usr/lib/systemd/system';
const TARGET = 'hecate-own.target';

/** Waits for the file $0, so that its control group is in order by then. */
const BOOT = `
  until [ -e "$0" ]; do sleep 0.1; done
  mount --make-rprivate /
  umount /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  mount -t tmpfs tmpfs /run
  exec env -i container=hecate PATH="$PATH" /lib/systemd/systemd --system --unit=${TARGET} --log-target=null --show-status=no
`;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Looks until it finds something. */
async function until(what, look) {
  for (const end = Date.now() + 120_000; ; await sleep(200)) {
    const found = look();
    if (found) return found;
    assert.ok(Date.now() < end, `${what} did not come`);
  }
}

/** Why there is none; null when there is. */
export const noSystemd = () =>
  existsSync('/lib/systemd/systemd') && !spawnSync('systemctl', ['--version']).error
    ? null
    : 'it is not installed (apt-get install systemd)';

/** Runs `work` while systemd runs with these units (texts by name) beside none of Debian's. `inside(...argv)` runs a program where it is process 1. */
export async function withSystemd(units, work) {
  for (const [name, text] of Object.entries(units)) writeFileSync(join(UNITS, name), text);
  writeFileSync(join(UNITS, TARGET), '[Unit]\nDefaultDependencies=no\n');
  writeFileSync(`${ROOT}/cgroup.subtree_control`, '+cpu +memory +pids');
  mkdirSync(GROUP);
  const directory = mkdtempSync(join(tmpdir(), 'hecate-own-systemd-'));
  const namespaces = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--cgroup'];
  const starter = spawn(
    'sh',
    ['-c', `echo $$ > ${GROUP}/cgroup.procs; exec "$@"`, 'sh', 'unshare', ...namespaces, 'sh', '-ec', BOOT, join(directory, 'go')],
    {
      stdio: 'ignore',
    },
  );
  try {
    const members = () => readFileSync(`${GROUP}/cgroup.procs`, 'utf8').split('\n').filter(Boolean);
    const pid = await until('the process of unshare', () => members().find((member) => member !== String(starter.pid)));
    // A group with processes of its own gives no controllers to those below: systemd leaves it, and so must unshare.
    writeFileSync(`${ROOT}/cgroup.procs`, String(starter.pid));
    writeFileSync(join(directory, 'go'), '');
    const run = (...argv) =>
      spawnSync('nsenter', ['--target', pid, '--pid', '--mount', '--cgroup', ...argv], { encoding: 'utf8', maxBuffer: 1 << 24 });
    await until('systemd', () => run('systemctl', 'is-active', TARGET).stdout.trim() === 'active');
    await work((...argv) => {
      const { status, stdout, stderr } = run(...argv);
      return status === 0 ? stdout : assert.fail(`${argv.join(' ')}: ${stderr}${stdout}`);
    });
  } finally {
    starter.kill('SIGKILL');
    writeFileSync(`${GROUP}/cgroup.kill`, '1');
    await until('the end of systemd', () => /^populated 0$/m.test(readFileSync(`${GROUP}/cgroup.events`, 'utf8')));
    execFileSync('find', [GROUP, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
    for (const name of [...Object.keys(units), TARGET]) rmSync(join(UNITS, name));
    // A systemd that sets up its machine empties /tmp.
    rmSync(directory, { recursive: true, force: true });
  }
}
