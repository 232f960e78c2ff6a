import path from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openEngine, openHandlers } from '@hecate/change';
import { openWritableHost } from '@hecate/host';
import { encodeProfile } from '../../evidence/encode-profile.ts';
import { createLook } from '../detect/look.ts';
import { createMachine, disk, kernel, memory, under } from '../detect/machine-tree.testing.ts';
import { frequencies, x86 } from '../detect/processor-tree.testing.ts';
import { detect } from '../detect.ts';
import { parseProfile } from '../parse-profile.ts';
import { planProfile, withoutMissing } from '../plan.ts';
import { importTuned } from './import.ts';
import { profiles } from './tuned-tree.testing.ts';

const files = {
  ...kernel('6.12.1', 'x86_64'),
  ...memory(4096),
  ...x86({ vendor: 'AuthenticAMD', family: 25, model: 1, name: 'EPYC', cores: 1 }),
  ...frequencies('acpi-cpufreq', 'powersave performance schedutil', ['0']),
  ...disk('nvme0n1', 512, 0, '[none] mq-deadline'),
  // Only the kernel sets dirty_ratio to 0 when dirty_bytes is written: here it is 0 before.
  ...under('proc/sys/vm', { swappiness: 60, dirty_ratio: 0, dirty_bytes: 4096, dirty_background_ratio: 10, dirty_background_bytes: 0 }),
  ...under('proc/sys/net/core', { somaxconn: 4096 }),
  ...under('proc/sys/kernel/random', { boot_id: 'one' }),
  ...profiles({
    one: '[main]\nsummary=A test\ninclude=base\n[sysctl]\nvm.dirty_ratio=0\nvm.dirty_bytes=1048576\n[disk]\nreadahead=64\n',
    base: '[cpu]\ngovernor=conservative|performance\nmin_perf_pct=100\n[disk]\nreadahead=>4096\n[sysctl]\nvm.dirty_ratio=40\nvm.swappiness=10\nnet.core.somaxconn=>2048\n',
  }),
};

test("a profile of tuned's becomes a file of ours, is applied, and is undone", async () => {
  const tree = createMachine(files);
  try {
    const { host } = tree;
    const facts = await detect(host);
    const { profile, ignored } = importTuned('one', { host, facts });
    expect(ignored).toEqual([]);
    const saved = parseProfile(encodeProfile(profile), 'tuned-one.toml');
    const engine = openEngine({ host: openWritableHost(host), handlers: openHandlers(), directory: path.join(host.root, 'journal') });
    const whole = planProfile(facts, saved, createLook(host));
    const { plan, skipped } = withoutMissing(whole, await engine.preview(whole.plan));
    expect(skipped.map(({ knob, why }) => `${knob}: ${why}`)).toEqual([
      'sysctl vm.dirty_ratio: sysctl vm.dirty_bytes comes later and decides.',
      'sysfs /sys/devices/system/cpu/intel_pstate/min_perf_pct: This machine has no /sys/devices/system/cpu/intel_pstate/min_perf_pct.',
    ]);
    const read = (): Record<string, string> =>
      Object.fromEntries(
        [
          'cpu/cpufreq/policy0/scaling_governor',
          'nvme0n1/queue/read_ahead_kb',
          'vm/swappiness',
          'vm/dirty_bytes',
          'net/core/somaxconn',
        ].map((name) => {
          const place = name.startsWith('cpu') ? 'sys/devices/system' : name.startsWith('nvme') ? 'sys/block' : 'proc/sys';
          return [name, readFileSync(path.join(host.root, place, name), 'utf8').trim()];
        }),
      );
    const before = read();
    const { id } = await engine.apply(plan);
    expect(read()).toEqual({
      'cpu/cpufreq/policy0/scaling_governor': 'performance',
      'nvme0n1/queue/read_ahead_kb': '64',
      'vm/swappiness': '10',
      'vm/dirty_bytes': '1048576',
      'net/core/somaxconn': '4096',
    });
    await engine.rollBack(id);
    expect(read()).toEqual(before);
  } finally {
    tree.remove();
  }
});
