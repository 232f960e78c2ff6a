import { describe, expect, test } from 'vitest';
import type { RecordedProgram } from '@hecate/host';
import { constant, encode } from '../../fake/abi.testing.ts';
import { networkOf } from '../../fake/network.testing.ts';
import { parseAddressList } from '../../network/address-list.ts';
import { parseInterfaceList } from '../../network/interface-list.ts';
import { parseHardwareAddress } from '../../network/socket-address.ts';
import { hideNames } from './hide.ts';
import type { Recorded } from './hide.ts';
import type { CfTree, DarwinAnswers } from '../format.ts';

const NOBODY = { users: [], machines: [] };
const printed = (program: string, stdout: string): RecordedProgram => ({ argv: [program], status: 0, signal: null, stdout, stderr: '' });

const recorded = (moment: DarwinAnswers, ...programs: RecordedProgram[]): Recorded => ({
  recording: { lacks: [], moments: [{ time: 1, answers: {}, trees: {}, registry: [], ...moment }] },
  programs,
});

/** What becomes of a tree. */
function treeOf(tree: CfTree): CfTree {
  const { recording } = hideNames(recorded({ trees: { all: tree } }), NOBODY);
  return recording.moments[0]!.trees['all']!;
}

const outputOf = (program: RecordedProgram): string => (program as { readonly stdout: string }).stdout;

describe('trees', () => {
  test.each<[string, Record<string, CfTree>, RegExp]>([
    ['a serial number', { IOPlatformSerialNumber: 'C02XK1ZZJGH5' }, /^[A-Z]\d\d[A-Z]{2}\d[A-Z]{5}\d$/],
    [
      'an identifier',
      { 'Volume UUID': '1B4E28BA-2FA1-11D2-883F-B9A761BDE3FB' },
      /^[\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{12}$/,
    ],
    ['an identifier under any key', { Name: 'x 1B4E28BA-2FA1-11D2-883F-B9A761BDE3FB' }, /^x [\dA-F]{8}-[\dA-F]{4}-/],
    ['an address of hardware', { bssid: 'f4:92:bf:00:11:22' }, /^(?:[\da-f]{2}:){5}[\da-f]{2}$/],
    ['one under any key', { note: 'at f4:92:bf:00:11:22.' }, /^at (?:[\da-f]{2}:){5}[\da-f]{2}\.$/],
    ['a network', { ssid: 'Greta am See' }, /^[A-Z][a-z]{4} [a-z]{2} [A-Z][a-z]{2}$/],
    ['a directory of a user', { path: '/Users/greta/Plans 2027/tool' }, /^\/Users\/[a-z]{5}\/[A-Z][a-z]{4} \d{4}\/tool$/],
    ['a volume', { path: '/Volumes/Greta Backup' }, /^\/Volumes\/[A-Z][a-z]{4} [A-Z][a-z]{5}$/],
    ['a share', { from: '//greta@nas.local/private' }, /^\/\/[a-z]{5}@[a-z]{3}\.[a-z]{5}\/[a-z]{7}$/],
  ])('%s gets a stand-in of its shape', (_what, tree, shape) => {
    const [[key, value] = ['', '']] = Object.entries(treeOf(tree) as Record<string, string>);
    expect(value).toMatch(shape);
    expect(value).not.toBe(tree[key]);
    expect(value).toHaveLength((tree[key] as string).length);
  });

  test.each<[string, CfTree]>([
    [
      'figures and words',
      { Capacity: 4382, Voltage: 12_850, Name: 'InternalBattery-0', IsCharging: false, Serial: 'unknown', Model: 'APPLE SSD AP0512Q' },
    ],
    ['volumes that every Mac has', { path: '/Volumes/Macintosh HD', home: '/Users/Shared' }],
    ['tables', { 'voltage-states1': Buffer.from('0011223344556677', 'hex') }],
  ])('%s stay', (_what, tree) => {
    expect(treeOf(tree)).toEqual(tree);
  });

  test('bytes of addresses and serial numbers too, as many as they were', () => {
    const hidden = treeOf({ IOMACAddress: Buffer.from('a483e7001122', 'hex'), 'serial-number': Buffer.from('C02XK1ZZ\0\0') }) as Record<
      string,
      Buffer
    >;
    expect(hidden['IOMACAddress']).toHaveLength(6);
    expect(hidden['IOMACAddress']!.toString('hex')).not.toBe('a483e7001122');
    expect(hidden['serial-number']!.toString('latin1')).toMatch(/^[A-Z]\d\d[A-Z]{2}\d[A-Z]{2}\0\0$/);
  });
});

test('a name is the same everywhere, and another in another recording', () => {
  const input = recorded(
    { answers: { 'sysctl:kern.hostname': Buffer.from('Gretas-Mac.local\0') }, trees: { all: { Serial: 'C02XK1ZZJGH5' } } },
    printed('/usr/sbin/system_profiler', '{"serial_number" : "C02XK1ZZJGH5", "where": "Gretas-Mac"}'),
  );
  const one = hideNames(input, NOBODY);
  const { answers, trees } = one.recording.moments[0]!;
  const { Serial: serial } = trees['all'] as { Serial: string };
  const said = JSON.parse(outputOf(one.programs[0]!)) as { serial_number: string; where: string };
  expect(said.serial_number).toBe(serial);
  expect(said.where).toMatch(/^[A-Z][a-z]{5}-[A-Z][a-z]{2}$/);
  expect((answers['sysctl:kern.hostname'] as Buffer).toString()).toBe(`${said.where}.local\0`);
  expect((answers['sysctl:kern.hostname'] as Buffer).toString()).toMatch(/^[A-Z][a-z]{5}-[A-Z][a-z]{2}\.local\0$/);
  expect(outputOf(one.programs[0]!)).not.toContain('Gretas');
  expect(outputOf(hideNames(input, NOBODY).programs[0]!)).not.toBe(outputOf(one.programs[0]!));
  expect(one.hidden).toMatchObject({ 'serial numbers and identifiers': 1, 'names of the machine': 1 });
});

test('a volume that is mounted is called the same where it is only named', () => {
  const mounts = encode('statfs', { f_mntonname: '/Volumes/Gretas Bilder', f_mntfromname: '/dev/disk4s1' });
  const input = recorded(
    { answers: { getfsstat64: { bytes: mounts, error: mounts.length } } },
    printed('/sbin/mount', '/dev/disk4s1 on /Volumes/Gretas Bilder (apfs, local)\n'),
    printed('/usr/sbin/system_profiler', '{"_name" : "Gretas Bilder"}'),
  );
  const { recording, programs } = hideNames(input, NOBODY);
  const { _name: name } = JSON.parse(outputOf(programs[1]!)) as { _name: string };
  expect(name).toMatch(/^[A-Z][a-z]{5} [A-Z][a-z]{5}$/);
  expect(name).not.toBe('Gretas Bilder');
  expect(outputOf(programs[0]!)).toBe(`/dev/disk4s1 on /Volumes/${name} (apfs, local)\n`);
  const { bytes } = recording.moments[0]!.answers['getfsstat64'] as { bytes: Buffer };
  expect(bytes.toString()).toContain(`/Volumes/${name}\0`);
  expect(bytes).toHaveLength(mounts.length);
});

test('of a command line the program and the lengths stay; the environment goes', () => {
  const count = Buffer.from([3, 0, 0, 0]);
  const bytes = Buffer.concat([count, Buffer.from('/usr/bin/ssh\0\0\0\0ssh\0-p\0geheim@example.org\0TOKEN=12345\0')]);
  const { recording } = hideNames(recorded({ answers: { 'sysctl:1.49.77': bytes } }), NOBODY);
  const hidden = (recording.moments[0]!.answers['sysctl:1.49.77'] as Buffer).toString();
  expect(hidden).toMatch(/^.\0\0\0\/usr\/bin\/ssh\0\0\0\0ssh\0-[a-z]\0[a-z]{6}@[a-z]{7}\.[a-z]{3}\0$/);
  expect(hidden).not.toContain('geheim');
});

test('an account keeps its structure, the system ones their names', () => {
  const account = (name: string): Buffer => Buffer.concat([encode('passwd', {}), Buffer.from(`${name}\0`)]);
  const size = encode('passwd', {}).length;
  const input = recorded({
    answers: {
      'getpwuid:501': { bytes: account('greta'), result: size, error: 0 },
      'getpwuid:0': { bytes: account('root'), result: size, error: 0 },
    },
  });
  const { answers } = hideNames(input, NOBODY).recording.moments[0]!;
  const nameOf = (uid: number): string => (answers[`getpwuid:${uid}`] as { bytes: Buffer }).bytes.toString('utf8', size, size + 5);
  expect(nameOf(501)).toMatch(/^[a-z]{5}$/);
  expect(nameOf(501)).not.toBe('greta');
  expect(nameOf(0)).toBe('root\0');
});

test('addresses in the lists of the kernel are replaced, of the same kind; masks and what everybody has stay', () => {
  const addresses = ['127.0.0.1/8', '192.168.7.23/24', '::1/128', 'fe80::aa:bbff:fecc:ddee/64', '2a00:1450::42/64'];
  const machine = networkOf([
    {
      ...{ name: 'en0', index: 4, type: constant('IFT_ETHER'), counters: {}, hardware: 'a4:83:e7:00:11:22' },
      addresses: addresses.map((address) => ({ address })),
    },
  ]);
  const [key, before] = Object.entries(machine.answers!).find(([name]) => name.startsWith('sysctl:4.17.')) as [string, Buffer];
  const { recording } = hideNames(recorded({ answers: { [key]: before } }), NOBODY);
  const after = recording.moments[0]!.answers[key] as Buffer;
  expect(after).toHaveLength(before.length);
  const textOf = (list: Buffer): string[] =>
    parseAddressList(list, () => false).map(({ address }) => `${address.address}/${address.prefixLength}`);
  const [was, is] = [textOf(before), textOf(after)];
  expect(was).toEqual(addresses);
  expect(is.map((address) => address.replace(/.*\//, ''))).toEqual(['8', '24', '128', '64', '64']);
  expect([is[0], is[2]]).toEqual([was[0], was[2]]);
  expect(is[1]).toMatch(/^192\.168\./);
  expect(is[3]).toMatch(/^fe80::/);
  for (const place of [1, 3, 4]) expect(is[place]).not.toBe(was[place]);
  const [link] = parseInterfaceList(after);
  expect(link!.name).toBe('en0');
  expect(parseHardwareAddress(link!.link)).toMatch(/^(?!a4:83:e7)(?:[\da-f]{2}:){5}[\da-f]{2}$/);
});

test('what netstat prints keeps its columns', () => {
  const line = 'en0   1500  192.168.7     192.168.7.23      0     -  a4:83:e7:00:11:22  fe80::aa:bbff:fecc:ddee\n';
  const { programs } = hideNames(recorded({}, printed('/usr/sbin/netstat', line)), NOBODY);
  expect(outputOf(programs[0]!)).toMatch(
    /^en0 {3}1500 {2}192\.168\.7 {5}192\.168\.\d+\.\d+ +0 +- {2}(?:[\da-f]{2}:){5}[\da-f]{2} {2}[\da-f:]+\n$/,
  );
  expect(outputOf(programs[0]!)).not.toContain('a4:83:e7');
  expect(outputOf(programs[0]!)).not.toContain('fecc:ddee');
});
