import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { noFakeDarwin, openFakeDarwin } from '../packages/metrics/src/darwin/fake/fake-darwin.testing.ts';
import { processorTicks } from '../packages/metrics/src/darwin/fake/machine.testing.ts';
import { m1Laptop } from '../packages/metrics/src/darwin/machines/m1-laptop.testing.ts';
import { recordMac } from '../packages/metrics/src/darwin/recording/record-mac.ts';
import { run, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';

const ok = ({ status, stderr, stdout }: Ended): string => {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
};
const refused = async (...args: string[]): Promise<string> => {
  const { status, stdout, stderr } = await run(args);
  expect(status).not.toBe(0);
  expect(stdout).toBe('');
  return stderr;
};

const write = (directory: string, files: ReadonlyMap<string, string>): string => {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(directory, name), content);
  return directory;
};

describe('what cannot be recorded', () => {
  it.skipIf(process.platform !== 'linux')('a machine with Linux: it says what to do, and makes no directory', async () => {
    const directory = join(temporary('record'), 'new');
    expect(await refused('doctor', '--record', directory)).toMatch(/Linux machines cannot be recorded: only Macs can\.[^]*--root/);
    expect(() => statSync(directory)).toThrow('ENOENT');
  });

  it('--with-names without --record is a mistake', async () => {
    expect(await refused('doctor', '--with-names')).toContain('--with-names is for --record');
  });
});

describe.skipIf(noFakeDarwin !== null)(`a recording of a Mac${noFakeDarwin === null ? '' : ` (skipped: ${noFakeDarwin})`}`, () => {
  let files: ReadonlyMap<string, string>;
  let mac: string;

  beforeAll(async () => {
    const fake = openFakeDarwin(m1Laptop);
    fake.change({ answers: { 'host_processor_info:2': processorTicks([[100, 50, 1000, 0]]) } });
    let step = 0;
    ({ files } = await recordMac(fake.host, {
      between: 0,
      show: () => {
        if (++step !== 2) return;
        fake.advance(2);
        fake.change({ answers: { 'host_processor_info:2': processorTicks([[250, 50, 1050, 0]]) } });
      },
    }));
    mac = write(join(temporary('mac'), 'recording'), files);
  });

  it('is a Mac for every command that takes --root, with rates between its moments', async () => {
    const snapshot = JSON.parse(ok(await run(['snapshot', '--root', mac, '--format', 'json']))) as {
      host: { system: string; cpuModel: string };
      rates: { elapsed: number; cpu: { user: number } };
      power: unknown;
    };
    expect(snapshot.host).toMatchObject({ system: 'Darwin', cpuModel: 'Apple M1' });
    expect(snapshot.rates.elapsed).toBeGreaterThan(1.9);
    expect(snapshot.rates.cpu.user).toBeCloseTo(0.75, 3);
    expect(ok(await run(['snapshot', '--root', mac]))).toContain('Apple M1');
    expect(ok(await run(['doctor', '--root', mac]))).toMatch(/darwin/);
    expect(ok(await run(['snapshot', '--root', mac, '--format', 'prometheus']))).toContain('hecate_');
  });

  it('top goes on to its second moment, so it has rates', async () => {
    const scene = JSON.parse(ok(await run(['top', '--root', mac, '--format', 'json']))) as { values: Record<string, number | null> };
    expect(scene.values['cpu_usage_percent']).toBeCloseTo(75, 1);
    expect(ok(await run(['top', '--root', mac, '--once']))).toMatch(/CPU +\S+ +75 %/);
  });

  it('what is missing for one reason is told once', async () => {
    const told = ok(await run(['snapshot', '--root', mac, '--only', 'memory,pressure,units']));
    expect(told.replaceAll(/[│\s]+/g, ' ')).toMatch(
      /pressure, units: unsupported\. hecate cannot read this on macOS yet\..*memory\.buffers, shared, slabReclaimable, .*swapCached: unsupported/,
    );
    const doctor = JSON.parse(ok(await run(['doctor', '--root', mac, '--format', 'json']))) as {
      platform: string;
      collectors: { collector: string; remedy: string | null }[];
    };
    expect(doctor.platform).toBe('darwin');
    const remedies = Object.fromEntries(doctor.collectors.map(({ collector, remedy }) => [collector, remedy]));
    // Memory lacks only what macOS does not have; the sensors of a cluster that sleeps may come back.
    expect(remedies['memory']).toBeNull();
    expect(remedies['sensors']).not.toBeNull();
  });

  it('nothing of it can be set or tuned, and that is said', async () => {
    expect(await refused('fan', 'set', 'fan0', '40%', '--root', mac)).toContain('can be looked at, not set');
    for (const action of ['status', 'detect', 'plan', 'apply'])
      expect(await refused('tune', action, '--root', mac, '--state-dir', temporary('state'))).toContain('hecate cannot tune macOS yet.');
  });

  it('recorded again it is the same; files are for the user alone, and what was written is told', async () => {
    const copy = join(temporary('record'), 'copy');
    const told = JSON.parse(ok(await run(['doctor', '--root', mac, '--record', copy, '--with-names', '--format', 'json']))) as object;
    expect(told).toMatchObject({ directory: copy, moments: 2, replaced: null, problems: [] });
    expect(readdirSync(copy).toSorted()).toEqual(['darwin.json', 'recording.json']);
    expect(statSync(copy).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(copy)) expect(statSync(join(copy, name)).mode & 0o777).toBe(0o600);
    const snapshotOf = async (root: string): Promise<string> => ok(await run(['snapshot', '--root', root, '--format', 'csv']));
    expect((await snapshotOf(copy)).replaceAll(/^.*seconds?.*$/gm, '')).toBe((await snapshotOf(mac)).replaceAll(/^.*seconds?.*$/gm, ''));
  });

  it('without --with-names the report says what was replaced, and where to look', async () => {
    const copy = join(temporary('record'), 'copy');
    const text = ok(await run(['doctor', '--root', mac, '--record', copy]));
    expect(text).toMatch(/Recorded to[^]*Replaced by stand-ins[^]*names of the machine[^]*hecate snapshot --root/);
    expect(readFileSync(join(copy, 'recording.json'), 'utf8')).toContain('"hecate"');
  });

  it('a directory that holds something is left alone', async () => {
    const directory = temporary('record');
    writeFileSync(join(directory, 'mine'), 'x');
    expect(await refused('doctor', '--root', mac, '--record', directory)).toContain('is not empty');
    expect(readdirSync(directory)).toEqual(['mine']);
    expect(await refused('doctor', '--root', mac, '--record', join(directory, 'mine'))).toContain('is no directory');
    expect(await refused('doctor', '--root', mac, '--record', join(directory, 'none', 'there'))).toContain('Nothing can be written');
  });

  it.each<[string, string, (text: string) => string | null, RegExp]>([
    ['cut', 'darwin.json', (text) => text.slice(0, text.length / 2), /no recording of a Mac: it is not written as JSON, or cut/],
    ['missing', 'darwin.json', () => null, /has no darwin\.json/],
    ['of another kind', 'darwin.json', () => '{}', /its format is another one/],
    ['deep', 'darwin.json', () => '['.repeat(200_000), /no recording of a Mac/],
    ['cut in its head', 'recording.json', (text) => text.slice(0, 100), /recording\.json of this recording is damaged/],
    ['of a system that nobody knows', 'recording.json', (text) => text.replace('"darwin"', '"plan9"'), /of no system that is known/],
    ['of another version', 'recording.json', (text) => text.replace('"version": 1', '"version": 9'), /version 9/],
  ])('one that is %s is refused with a sentence', async (_what, name, damage, why) => {
    const broken = new Map(files);
    const content = damage(files.get(name)!);
    if (content === null) broken.delete(name);
    else broken.set(name, content);
    const said = await refused('snapshot', '--root', write(join(temporary('mac'), 'broken'), broken));
    expect(said).toMatch(why);
    expect(said).not.toContain('    at ');
  });
});
