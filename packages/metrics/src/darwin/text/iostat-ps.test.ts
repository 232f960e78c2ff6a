import { describe, expect, test } from 'vitest';
import { answering, fixture, refusalOf } from './fixture.testing.ts';
import { parseIostat, readIostat } from './iostat.ts';
import { parsePs, readPs } from './ps.ts';

const IOSTAT = fixture('iostat.txt');
const PS = fixture('ps.txt');

describe('iostat', () => {
  test.each(['', 'iostat: no\n', 'disk0\n KB/t tps MB/s\n 1 2 3', 'disk0 disk1\n KB/t xfrs MB\n 1 2 3'])(
    'another header is refused (%#)',
    async (text) => {
      expect((await refusalOf(() => parseIostat(text))).code).toBe('FAILED');
    },
  );

  test('each disk, with points or commas; one that was cut off is left out', async () => {
    const disks = [
      { device: 'disk0', transfers: 59_194_931, bytes: 1_309_981.25 * 2 ** 20 },
      { device: 'disk4', transfers: 89, bytes: 11.61 * 2 ** 20 },
      { device: 'disk5', transfers: 12, bytes: 0.05 * 2 ** 20 },
    ];
    expect(await readIostat(answering({ stdout: IOSTAT }).host)).toEqual(disks);
    expect(parseIostat(IOSTAT.replaceAll('.', ','))).toEqual(disks);
    expect(parseIostat(IOSTAT.slice(0, IOSTAT.indexOf('4.00')))).toEqual(disks.slice(0, 2));
    expect(parseIostat(IOSTAT.split('\n').slice(0, 2).join('\n'))).toEqual([]);
  });
});

describe('ps', () => {
  test.each(['', 'ps: no\n', '  PID TTY           TIME CMD\n    1 ??  0:01.00 x'])('another header is refused (%#)', async (text) => {
    expect((await refusalOf(() => parsePs(text))).code).toBe('FAILED');
  });

  test('times of every length, nobody, names with blanks', async () => {
    const { host, asked } = answering({ stdout: PS });
    const processes = await readPs(host);
    expect(asked).toEqual([['/bin/ps', '-axww', '-o', 'pid,ppid,uid,nice,state,rss,vsz,time,utime,etime,comm']]);
    expect(processes[0]).toEqual({
      ...{ pid: 1, ppid: 0, uid: 0, nice: 0, state: 'Ss', resident: 21_504 * 1024, virtual: 411_402_112 * 1024 },
      ...{ cpu: 123 * 60 + 45.67, cpuUser: 40 * 60 + 10.2, elapsed: 7 * 86_400 + 3 * 3600 + 5 * 60 + 9, command: '/sbin/launchd' },
    });
    expect(processes[2]).toMatchObject({ elapsed: 312, uid: 4_294_967_294, command: '/usr/libexec/a helper' });
    expect(processes[3]).toMatchObject({ nice: 10, cpu: 3723.4, command: '/Applications/Photo Box.app/Contents/MacOS/Photo Box' });
    expect(processes[4]).toMatchObject({ state: 'Z', command: '(old)' });
  });

  test('decimal commas, days, and a row that was cut off', () => {
    const text = PS.replaceAll(/(\d:\d\d)\.(\d\d)/g, '$1,$2');
    expect(parsePs(text).map(({ cpu }) => cpu)).toEqual(parsePs(PS).map(({ cpu }) => cpu));
    const [header] = PS.split('\n');
    const rows = parsePs(`${header}\n  7 1 0 - S 1 1 2-03:04:05.50 later later /bin/x\n  8 1 0 0 S 1 1 0:0`);
    expect(rows).toEqual([expect.objectContaining({ pid: 7, nice: null, cpu: 183_845.5, cpuUser: null, elapsed: null })]);
  });
});
