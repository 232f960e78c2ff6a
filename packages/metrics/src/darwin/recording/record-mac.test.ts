import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { openSamplerOf } from '../../sampler.ts';
import { deriveRates } from '../../model/rates.ts';
import { openRoot } from '../../rooted.ts';
import { darwinCollectors } from '../index.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { text } from '../fake/machine.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { processorTicks } from '../fake/machine.testing.ts';
import { recordMac } from './record-mac.ts';
import type { MacRecording } from './record-mac.ts';

const NAMES = {
  host: 'Gretas-MacBook-Pro.local',
  user: 'gretaschmidt',
  serial: 'C02XK1ZZJGH5',
  uuid: '1B4E28BA-2FA1-11D2-883F-B9A761BDE3FB',
};

/** A Mac whose answers name its user in many places, and whose counters go on between the two moments. */
function openNamedMac(): { fake: FakeDarwin; host: Host } {
  const fake = openFakeDarwin(m1Laptop);
  fake.change({
    answers: {
      'sysctl:kern.hostname': text(NAMES.host),
      'sysctl:kern.bootsessionuuid': text(NAMES.uuid),
      'host_processor_info:2': processorTicks([[100, 50, 1000, 0]]),
    },
    trees: {
      IOPSCopyPowerSourcesInfo: [
        {
          Name: `Battery of ${NAMES.host}`,
          'Hardware Serial Number': NAMES.serial,
          Type: 'InternalBattery',
          'Is Present': true,
          'Current Capacity': 80,
          'Max Capacity': 100,
        },
      ],
    },
  });
  let reads = 0;
  const host: Host = {
    ...fake.host,
    async run(argv) {
      if (argv[0] === '/usr/bin/pmset' && argv[2] === 'batt' && reads++ === 0) fake.change({});
      if (argv[0] === '/sbin/mount')
        return {
          status: 0,
          signal: null,
          stdout: `//${NAMES.user}@nas/home on /Users/${NAMES.user}/secret plans/nas (smbfs)\n`,
          stderr: '',
        };
      throw new HecateError('UNAVAILABLE', `${argv[0]} is not installed.`);
    },
  };
  return { fake, host };
}

describe.skipIf(noFakeDarwin !== null)('recording a Mac', () => {
  let recording: MacRecording;
  let root: string;
  beforeAll(async () => {
    const { fake, host } = openNamedMac();
    let step = 0;
    recording = await recordMac(host, {
      between: 0,
      about: { hecate: '1.2.3' },
      show: () => {
        if (++step !== 2) return;
        fake.advance(10);
        fake.change({ answers: { 'host_processor_info:2': processorTicks([[600, 50, 1500, 0]]) } });
      },
    });
    fake.expectClean();
    root = mkdtempSync(path.join(tmpdir(), 'hecate-mac-'));
    for (const [name, content] of recording.files) writeFileSync(path.join(root, name), content);
  });
  afterAll(() => root && rmSync(root, { recursive: true }));

  test('it holds both moments, what programs said, and nothing that it could not write down', () => {
    expect(recording.problems).toEqual([]);
    expect(recording).toMatchObject({ moments: 2 });
    expect(recording.answers).toBeGreaterThan(100);
    expect(recording.programs).toBeGreaterThan(5);
  });

  test('names, serial numbers and identifiers are replaced, in texts and in bytes, and it says so', () => {
    const bytes = [...recording.files.values()].join('\n');
    const decoded = [...bytes.matchAll(/"(?:base64|\$data)": "(?<data>[^"]+)"/g)]
      .map(({ groups }) => Buffer.from(groups!['data']!, 'base64').toString('latin1'))
      .join('\n');
    for (const name of [...Object.values(NAMES), 'secret plans', 'Gretas-MacBook-Pro'])
      for (const where of [bytes, decoded]) expect(where.includes(name), name).toBe(false);
    expect(recording.hidden).toMatchObject({
      'names of the machine': expect.any(Number),
      'serial numbers and identifiers': expect.any(Number),
    });
    for (const own of [hostname(), userInfo().username].filter((name) => name.length >= 4 && name !== 'root' && name !== 'localhost'))
      expect(bytes).not.toContain(`"${own}"`);
  });

  test('replayed from its directory it is a Mac with the same figures, at two moments with rates between them', async () => {
    const host = openRoot(root);
    expect(host).toMatchObject({ kind: 'rooted', platform: 'darwin' });
    const sampler = openSamplerOf(darwinCollectors, host, { slowPeriod: 0 });
    const first = await sampler.take(5);
    expect(host.recording!.next()).toBe(true);
    const second = await sampler.take(5);
    expect(host.recording!.next()).toBe(false);
    sampler.close();
    expect(second.monotonic - first.monotonic).toBeCloseTo(10, 0);
    expect(deriveRates(first, second).cpu).toMatchObject({ user: 0.5 });
    expect(second.host?.hostname).toHaveLength(NAMES.host.length);
    expect(second.host?.hostname).toMatch(/^[A-Z][a-z]{5}-[A-Z][a-z]+[A-Z][a-z]+-[A-Z][a-z]+\.[a-z]+$/i);
    expect(second.memory?.total).toBe(8 * 2 ** 30);
  });

  test('a program answers what it printed, with its refusal; one that was not run is not there', async () => {
    const host = openRoot(root);
    const mounted = await host.run(['/sbin/mount']);
    expect(mounted.stdout).toMatch(/^\/\/\S+ on \/Users\/[a-z]{12}\/[a-z]{6} [a-z]{5}\/nas \(smbfs\)\n$/);
    await expect(host.run(['/usr/bin/vm_stat'])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: '/usr/bin/vm_stat is not installed.',
    });
    await expect(host.run(['/bin/false'])).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('was not run') });
  });

  test('with names, everything is as it was', async () => {
    const { fake, host } = openNamedMac();
    const whole = await recordMac(host, { between: 0, withNames: true });
    const bytes = [...whole.files.values()].join('\n');
    expect(bytes).toContain(NAMES.host);
    expect(bytes).toContain(NAMES.serial);
    expect(whole.hidden).toEqual({});
    fake.expectClean();
  });
});
