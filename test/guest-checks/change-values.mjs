// Values of a whole kernel through the change engine: governors, control groups of version 2, interrupts, pairs of sysctls; each comes back.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, openHandlers } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';

export const modules = ['acpi-cpufreq', 'cpufreq_powersave', 'cpufreq_performance', 'null_blk'];

const GROUP = '/sys/fs/cgroup/hecate-values';
const read = (file) => readFileSync(file, 'utf8');
const sysfs = (path, value) => ({ kind: 'sysfs', path, value });
const sysctl = (key, value) => ({ kind: 'sysctl', key, value });
const cgroup = (file, value) => ({ kind: 'cgroup', group: '/hecate-values', file, value });
const planOf = (...actions) => ({
  component: 'check',
  title: 'values',
  changes: actions.map((action) => ({ action, why: 'a check', source: 'this check', risk: 'live' })),
});

/** An interrupt whose processors can be chosen: the kernel takes what it has. */
function movableInterrupt() {
  for (const number of readdirSync('/proc/irq').filter((name) => /^\d+$/.test(name))) {
    const file = `/proc/irq/${number}/smp_affinity`;
    try {
      writeFileSync(file, read(file));
      return file;
    } catch (error) {
      if (error.code !== 'EIO' && error.code !== 'EINVAL') throw error;
    }
  }
  throw new Error('No interrupt can be moved.');
}

/** Applies a plan, looks, rolls back, and expects every file as it was. */
async function roundTrip(engine, plan, expected) {
  const files = Object.keys(expected);
  const before = files.map(read);
  const { id } = await engine.apply(plan);
  for (const [file, pattern] of Object.entries(expected)) assert.match(read(file), pattern, file);
  assert.deepEqual(
    (await engine.verify(id)).map(({ verdict }) => verdict),
    plan.changes.map(() => 'kept'),
  );
  const { failures, transaction } = await engine.rollBack(id);
  assert.deepEqual(failures, []);
  assert.deepEqual(
    transaction.steps.map(({ state }) => state),
    plan.changes.map(() => 'restored'),
  );
  assert.deepEqual(files.map(read), before);
}

/** Changes values of the kernel and brings them back. */
export async function check() {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-values-'));
  const engine = openEngine({ host: openWritableHost(openHost()), handlers: openHandlers(), directory });
  writeFileSync('/sys/fs/cgroup/cgroup.subtree_control', '+cpu +memory +pids +io +cpuset');
  if (!existsSync(GROUP)) mkdirSync(GROUP);
  try {
    const policy = '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor';
    const governor = /powersave/.test(read(policy)) ? 'performance' : 'powersave';
    await roundTrip(engine, planOf(sysfs(policy, governor)), { [policy]: new RegExp(`^${governor}$`, 'm') });
    await assert.rejects(engine.apply(planOf(sysfs(policy, 'warp'))), { code: 'INVALID', message: /offers .*powersave/ });

    const interrupt = movableInterrupt();
    const processors = Number.parseInt(read(interrupt), 16) === 1 ? '2' : '1';
    await roundTrip(engine, planOf(sysfs(interrupt, processors)), { [interrupt]: new RegExp(`^0*${processors}$`, 'm') });

    const disk = read('/sys/block/nullb0/dev').trim();
    const actions = [
      cgroup('memory.high', '64M'),
      cgroup('cpu.max', '50000'),
      cgroup('cpu.weight', '200'),
      cgroup('pids.max', '100'),
      cgroup('cpuset.cpus', '0-1'),
      cgroup('io.max', `${disk} wiops=120 rbps=1048576`),
      cgroup('cgroup.subtree_control', '+memory +cpu'),
    ];
    await roundTrip(engine, planOf(...actions), {
      [`${GROUP}/memory.high`]: /^67108864$/m,
      [`${GROUP}/cpu.max`]: /^50000 100000$/m,
      [`${GROUP}/cpu.weight`]: /^200$/m,
      [`${GROUP}/pids.max`]: /^100$/m,
      [`${GROUP}/cpuset.cpus`]: /^0-1$/m,
      [`${GROUP}/io.max`]: new RegExp(`^${disk} rbps=1048576 wbps=max riops=max wiops=120$`, 'm'),
      [`${GROUP}/cgroup.subtree_control`]: /cpu.*memory/,
    });

    const vm = (name) => `/proc/sys/vm/${name}`;
    await roundTrip(engine, planOf(sysctl('vm.overcommit_kbytes', '1048576'), sysctl('vm.dirty_background_bytes', '4194304')), {
      [vm('overcommit_kbytes')]: /^1048576$/m,
      [vm('overcommit_ratio')]: /^0$/m,
      [vm('dirty_background_bytes')]: /^4194304$/m,
      [vm('dirty_background_ratio')]: /^0$/m,
    });
    await assert.rejects(engine.apply(planOf(sysctl('kernel.modules_disabled', '1'))), { code: 'INVALID', message: /until the next boot/ });
  } finally {
    rmdirSync(GROUP);
    rmSync(directory, { recursive: true });
  }
}
