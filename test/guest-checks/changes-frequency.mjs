// Governors of real frequency scaling change through the engine and come back: whole, after a kill, and with the CPU gone meanwhile.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, openHandlers, parsePlan } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';

export const modules = ['acpi-cpufreq', 'cpufreq_powersave', 'cpufreq_performance', 'cpufreq_userspace'];

const pathOf = (cpu, file) => `/sys/devices/system/cpu/cpu${cpu}/cpufreq/${file}`;
const read = (cpu, file) => readFileSync(pathOf(cpu, file), 'utf8').trim();
const set = (cpu, file, value) => ({ action: { kind: 'sysfs', path: pathOf(cpu, file), value }, why: 'It is tried.', source: 'check' });

/** Applies plans to the governors and limits of both CPUs and expects what they were before. */
export async function check() {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-frequency-'));
  const handlers = openHandlers();
  const start = (host = openWritableHost(openHost())) => openEngine({ host, handlers, directory: join(directory, 'journal') });
  const planOf = (changes) => parsePlan({ component: 'tune', title: 'governors', changes }, handlers);
  const governors = () => [0, 1].map((cpu) => read(cpu, 'scaling_governor'));
  try {
    for (const cpu of [0, 1]) writeFileSync(pathOf(cpu, 'scaling_governor'), 'powersave');
    const slow = Number(read(0, 'scaling_cur_freq'));
    const { id, steps } = await start().apply(planOf([0, 1].map((cpu) => set(cpu, 'scaling_governor', 'performance'))));
    assert.deepEqual(
      steps.map(({ state, was, wanted }) => [state, was, wanted]),
      [0, 1].map(() => ['done', 'powersave', 'performance']),
    );
    assert.deepEqual(governors(), ['performance', 'performance']);
    assert.ok(Number(read(0, 'scaling_cur_freq')) > slow, 'The processor got no faster.');
    assert.deepEqual(
      (await start().verify()).map(({ verdict }) => verdict),
      ['kept', 'kept'],
    );
    await start().rollBack(id);
    assert.deepEqual(governors(), ['powersave', 'powersave']);

    // Killed after its first write.
    const real = openWritableHost(openHost());
    let writes = 0;
    const dying = {
      ...real,
      setValue(...given) {
        if (writes++ > 0) throw new Error('killed');
        real.setValue(...given);
      },
    };
    const killed = planOf([0, 1].map((cpu) => set(cpu, 'scaling_governor', 'performance')));
    await assert.rejects(start(dying).apply(killed), { code: 'FAILED' });
    assert.deepEqual(governors(), ['performance', 'powersave']);
    await start().recover();
    assert.deepEqual(governors(), ['powersave', 'powersave']);

    // What the driver does not offer is refused before anything is written.
    const bad = planOf([set(0, 'scaling_governor', 'performance'), set(1, 'scaling_governor', 'warp')]);
    await assert.rejects(start().apply(bad), { code: 'INVALID' });
    assert.deepEqual(governors(), ['powersave', 'powersave']);

    // A minimum that is raised above the old maximum: undone in reverse order.
    const [least, most] = [read(0, 'scaling_min_freq'), read(0, 'scaling_max_freq')];
    writeFileSync(pathOf(0, 'scaling_max_freq'), '2000000');
    const limits = await start().apply(planOf([set(0, 'scaling_max_freq', most), set(0, 'scaling_min_freq', most)]));
    assert.deepEqual([read(0, 'scaling_min_freq'), read(0, 'scaling_max_freq')], [most, most]);
    assert.deepEqual((await start().rollBack(limits.id)).failures, []);
    assert.deepEqual([read(0, 'scaling_min_freq'), read(0, 'scaling_max_freq')], [least, '2000000']);
    writeFileSync(pathOf(0, 'scaling_max_freq'), most);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
