import { describe, expect, test } from 'vitest';
import { openDarwin } from '../binding/darwin.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { energyChannel, ioReportOf, stateChannel } from '../fake/io-report.testing.ts';
import { openIoReport } from './report.ts';
import type { WantedChannels } from './report.ts';

const ENERGY: WantedChannels = { group: 'Energy Model', subgroup: null, kind: 'simple' };
const CORES: WantedChannels = { group: 'CPU Stats', subgroup: 'CPU Core Performance States', kind: 'states' };
const GPU: WantedChannels = { group: 'GPU Stats', subgroup: null, kind: 'states' };
const core = (name: string, idle: number, slow: number) =>
  stateChannel('CPU Stats', 'CPU Core Performance States', name, [
    ['IDLE', idle],
    ['V0P1', slow],
  ]);
const complex = stateChannel('CPU Stats', 'CPU Complex Performance States', 'ECPU', [['IDLE', 1]]);

describe.skipIf(noFakeDarwin !== null)('counters of the chip', () => {
  test('groups are one subscription; each read has the counters as they stand', () => {
    const fake = openFakeDarwin(ioReportOf(energyChannel('GPU Energy', 5, 'nJ'), complex, core('ECPU0', 7, 3), core('ECPU1', 8, 2)));
    const report = openIoReport(openDarwin(fake.host), [ENERGY, CORES]);
    const [energy, ...cores] = report.read();
    expect(energy).toEqual({ group: 'Energy Model', subgroup: null, name: 'GPU Energy', unit: 'nJ', value: 5, states: null });
    expect(cores.map(({ name, subgroup, unit }) => [name, subgroup, unit])).toEqual(
      ['ECPU0', 'ECPU1'].map((name) => [name, 'CPU Core Performance States', '24Mticks']),
    );
    expect(cores[1]).toMatchObject({
      value: null,
      states: [
        { name: 'IDLE', residency: 8 },
        { name: 'V0P1', residency: 2 },
      ],
    });
    fake.change(ioReportOf(energyChannel('GPU Energy', 2n ** 60n, 'nJ'), complex, core('ECPU0', 9, 4), core('ECPU1', 8, 2)));
    expect(report.read()).toMatchObject([{ value: 2 ** 60 }, { states: [{ residency: 9 }, { residency: 4 }] }, {}]);
    report.close();
    report.close();
    fake.expectClean();
    expect(fake.report().calls).toMatchObject({ IOReportCreateSubscription: 1, IOReportCreateSamples: 2, IOReportMergeChannels: 1 });
  });

  test('what the library does not know is no count: a counter is null, a channel with such a state is left out', () => {
    const unknown = -(2n ** 63n);
    const fake = openFakeDarwin(
      ioReportOf(energyChannel('GPU Energy', unknown, 'nJ'), energyChannel('ANE', 0), core('ECPU0', -1, 3), core('ECPU1', 0, 2)),
    );
    const report = openIoReport(openDarwin(fake.host), [ENERGY, CORES]);
    expect(report.read().map(({ name, value }) => [name, value])).toEqual([
      ['GPU Energy', null],
      ['ANE', 0],
      ['ECPU1', null],
    ]);
    report.close();
    expect(() => report.read()).toThrow(expect.objectContaining({ code: 'FAILED' }));
    fake.expectClean();
  });

  test('channels that nobody wants are passed over', () => {
    const fake = openFakeDarwin(ioReportOf(energyChannel('AMCC0', 1), energyChannel('GPU Energy', 5), energyChannel('AMCC1', 2)));
    const report = openIoReport(openDarwin(fake.host), [{ ...ENERGY, isWanted: (name) => name.startsWith('GPU') }]);
    for (let time = 0; time < 2; time++) expect(report.read().map(({ name }) => name)).toEqual(['GPU Energy']);
    expect(fake.report().calls).toMatchObject({ IOReportSimpleGetIntegerValue: 2, IOReportChannelGetGroup: 3 });
    report.close();
    fake.expectClean();
  });

  test('what a channel is, is asked once; another name or another number of states in its place is seen', () => {
    const fake = openFakeDarwin(ioReportOf(core('ECPU0', 7, 3), core('ECPU1', 1, 1)));
    const report = openIoReport(openDarwin(fake.host), [CORES]);
    report.read();
    const { IOReportChannelGetGroup: before } = fake.report().calls;
    report.read();
    expect(fake.report().calls['IOReportChannelGetGroup']).toBe(before);
    fake.change(ioReportOf(core('PCPU0', 5, 6), stateChannel('CPU Stats', 'CPU Core Performance States', 'ECPU1', [['DOWN', 2]])));
    expect(report.read()).toMatchObject([{ name: 'PCPU0' }, { name: 'ECPU1', states: [{ name: 'DOWN', residency: 2 }] }]);
    report.close();
    fake.expectClean();
  });

  test.each([
    ['nothing', {}],
    ['a dictionary without channels', { answers: { IOReportCopyChannelsInGroup: Buffer.alloc(0) } }],
  ])('a group that a Mac answers with %s is left out; without any group it is unsupported', (_what, machine) => {
    const fake = openFakeDarwin({ ...ioReportOf(core('ECPU0', 7, 3)), ...machine });
    const darwin = openDarwin(fake.host);
    const report = openIoReport(darwin, [GPU, CORES, ENERGY]);
    expect(report.read().map(({ name }) => name)).toEqual(['ECPU0']);
    report.close();
    expect(() => openIoReport(darwin, [GPU, ENERGY])).toThrow('counts nothing in the group GPU Stats, Energy Model of IOReport');
    fake.expectClean();
  });

  test('nobody may subscribe, or no sample is given: an error, and nothing leaks', () => {
    const fake = openFakeDarwin(ioReportOf(core('ECPU0', 7, 3)));
    const darwin = openDarwin(fake.host);
    const report = openIoReport(darwin, [CORES]);
    fake.change({ answers: { IOReportCreateSamples: { result: -1 }, IOReportCreateSubscription: { result: -1 } } });
    expect(() => report.read()).toThrow('IOReportCreateSamples gave nothing for CPU Stats');
    expect(() => openIoReport(darwin, [CORES])).toThrow('IOReportCreateSubscription gave nothing for CPU Stats');
    report.close();
    fake.expectClean();
  });

  test('the stand-in sees a channel that is asked for the wrong thing, and one that is closed is not asked', () => {
    const fake = openFakeDarwin(ioReportOf(energyChannel('ANE', 1), core('ECPU0', 7, 3)));
    const darwin = openDarwin(fake.host);
    const report = openIoReport(darwin, [
      { ...ENERGY, kind: 'states' },
      { ...CORES, kind: 'simple' },
    ]);
    report.read();
    report.close();
    expect(fake.faults()).toContain('IOReportStateGetCount: a simple channel');
    expect(fake.faults()).toContain('IOReportSimpleGetIntegerValue: a channel with states');
    expect(() => report.read()).toThrow('were given back');
    expect(fake.faults()).not.toContain('IOReportCreateSamples: an object of IOReportCreateSubscription is used after its release');
  });
});
