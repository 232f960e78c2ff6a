// Pictures of an analysis, made by the shipped command line.
import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { days, DAY, expectRefusal } from './analyze.testing.ts';
import { HECATE, run, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';
import { noMounts } from './mounts.testing.ts';
import { HAS_PTY, startPty } from './pty.testing.ts';
import { root } from './source-tree.testing.ts';

const CPU = Array.from({ length: 1440 }, (_, minute) => {
  const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return `${DAY}T${time}:00Z,${(50 + 49 * Math.sin(minute / 230)).toFixed(2)}`;
});
const directory = days({ [DAY]: `timestamp,cpu_usage_percent\n${CPU.join('\n')}\n` });
const LINE = ['analyze', '--data-dir', directory, '--start-date', DAY, '--end-date', DAY, '--format'];
const picture = (...args: readonly string[]): Promise<Ended> => run([...LINE, ...args]);

interface Png {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of a point. */
  colourAt(x: number, y: number): string;
}

/** Reads a PNG of 8 bits and RGBA, without interlacing: all that there is in it, down to its points. */
function decodePng(file: Buffer): Png {
  expect(file.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  const data: Buffer[] = [];
  let header: Uint8Array = new Uint8Array(0);
  let last = '';
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    last = file.toString('latin1', at + 4, at + 8);
    const content = file.subarray(at + 8, at + 8 + length);
    if (last === 'IHDR') header = content;
    if (last === 'IDAT') data.push(content);
    at += length + 12;
  }
  expect(last).toBe('IEND');
  expect([...header.subarray(8)]).toEqual([8, 6, 0, 0, 0]);
  const size = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [size.getUint32(0), size.getUint32(4)];
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * 4;
  expect(raw).toHaveLength((stride + 1) * height);
  const points = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const left = x < 4 ? 0 : points[y * stride + x - 4]!;
      const up = y === 0 ? 0 : points[(y - 1) * stride + x]!;
      const corner = x < 4 || y === 0 ? 0 : points[(y - 1) * stride + x - 4]!;
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const base = [0, left, up, (left + up) >> 1, paeth][filter]!;
      points[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + base;
    }
  }
  return { width, height, colourAt: (x, y) => `#${points.toString('hex', (y * width + x) * 4, (y * width + x) * 4 + 3)}` };
}

describe('what is refused', () => {
  it.each([
    [['terminal', '--figure', 'heatmap'], /--figure is for pictures/],
    [['json', '--theme', 'light'], /--theme is for pictures/],
    [['svg', '--scale', '2'], /--scale is for PNG/],
    [['svg', '--figure', 'pie'], /'pie' is invalid/],
    [['png', '--scale', '9'], /at most 4/],
    [['svg', '--metrics', 'cpu'], /No day of the period has a metric "cpu"/],
    [['svg', '--start-date', '2020-01-01', '--end-date', '2020-01-02'], /Nothing was recorded/],
  ])('%j', async (args, words) => {
    const { status, stdout, stderr } = await picture(...args);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: expect.stringMatching(words) });
    expect(status).toBe(args.includes('--start-date') ? 4 : 2);
  });

  if (!HAS_PTY) console.warn('SKIPPED: no python3 is installed, so nothing runs in a terminal.');
  it.skipIf(!HAS_PTY)('a PNG on a terminal', async () => {
    const env = { PATH: process.env['PATH'], HOME: temporary('home'), TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };
    const terminal = await startPty([process.execPath, HECATE, ...LINE, 'png'], { env });
    expect(await terminal.ended()).toMatchObject({ status: 2 });
    expect(terminal.screen().join('\n')).toMatch(/A terminal cannot show a PNG\.\n.*--output/);
  });

  it('a place where no file can be, and leaves nothing behind', async () => {
    const place = temporary('place');
    expectRefusal(await picture('png', '--output', join(place, 'missing', 'a.png')), 2, /does not exist/);
    expectRefusal(await picture('svg', '--output', place), 2, /is a directory/);
    expectRefusal(await picture('svg', '--output', join(HECATE, 'a.svg')), 2, /does not exist/);
    expect(readdirSync(place)).toEqual([]);
  });

  const isRoot = process.geteuid?.() === 0;
  it.skipIf(isRoot)('a directory that may not be written', async () => {
    const place = temporary('closed');
    chmodSync(place, 0o500);
    expectRefusal(await picture('png', '--output', join(place, 'a.png')), 5, /may not be written/);
    chmodSync(place, 0o700);
    expect(readdirSync(place)).toEqual([]);
  });

  it.skipIf(noMounts !== null)('a full disk: the picture of before stays', async () => {
    const place = temporary('full');
    const script =
      'mount -t tmpfs -o size=64k none "$1" && echo before >"$1/a.png" && place=$1 && shift && { "$@"; status=$?; ls "$place"; cat "$place/a.png"; exit $status; }';
    const wrap = ['unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', place];
    const { status, stdout, stderr } = await run([...LINE, 'png', '--output', join(place, 'a.png')], { wrap });
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'a.png\nbefore\n' });
    expect(stderr).toMatch(/a\.png could not be written: the disk is full\.\n.*--output/);
  });
});

describe('a picture', () => {
  it('in SVG is the same from run to run, on standard output and in a file', async () => {
    const file = join(temporary('svg'), 'a.svg');
    const first = await picture('svg', '--title', 'atlas');
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="1200" [^]*<\/svg>\n$/);
    expect(await picture('svg', '--title', 'atlas', '--output', file)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(first.stdout);
    expect(readFileSync(file, 'utf8')).toContain('<title id="title">atlas, 2026-03-04</title>');
  });

  it('bears the name of this machine only where the data are its own', async () => {
    const own = { env: { HECATE_DATA_DIR: directory } };
    const { stdout } = await run(['analyze', '--start-date', DAY, '--end-date', DAY, '--format', 'svg'], own);
    expect(stdout).toContain(`<title id="title">${hostname()}, ${DAY}</title>`);
    expect((await picture('svg')).stdout).not.toContain(`>${hostname()}`);
  });

  it('in PNG has the size and the colours of the SVG, and is the same from run to run', async () => {
    const place = temporary('png');
    const file = (name: string): string => join(place, name);
    const shot = (name: string, ...args: readonly string[]): Promise<Ended> =>
      picture('png', '--output', file(name), '--title', 'x', ...args);
    expect(await shot('dark')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    await shot('again');
    await shot('light', '--theme', 'light', '--figure', 'series');
    await shot('twice', '--scale', '2');
    expect(readFileSync(file('again')).equals(readFileSync(file('dark')))).toBe(true);
    const svg = (await picture('svg')).stdout;
    const height = Number(/ height="(\d+)"/.exec(svg)?.[1]);
    const [dark, light, twice] = ['dark', 'light', 'twice'].map((name) => decodePng(readFileSync(file(name)))) as [Png, Png, Png];
    expect(dark).toMatchObject({ width: 1200, height });
    expect(twice).toMatchObject({ width: 2400, height: 2 * height });
    expect([dark.colourAt(2, 2), twice.colourAt(2, 2), light.colourAt(2, 2)]).toEqual(['#0b0f14', '#0b0f14', '#f4f6f8']);
    expect(readdirSync(place).toSorted()).toEqual(['again', 'dark', 'light', 'twice']);
  });

  it('in PNG has words: the font is with it, and none of this machine is asked', async () => {
    const file = join(temporary('words'), 'a.png');
    const wide = async (title: string): Promise<number> => {
      await picture('png', '--output', file, '--title', title);
      const { colourAt } = decodePng(readFileSync(file));
      // The row of points through the middle of the title: where it has the colour of letters.
      return Array.from({ length: 900 }, (_, x) => x + 60).findLast((x) => colourAt(x, 56) !== '#0b0f14') ?? 0;
    };
    const [short, long] = [await wide('HH'), await wide('HHHHHHHHHHHHHHHHHHHH')];
    expect(short).toBeGreaterThan(80);
    expect(long).toBeGreaterThan(short + 250);
  });

  it('goes through a pipe whole', async () => {
    const child = spawnSync(process.execPath, [HECATE, ...LINE, 'png'], { env: { PATH: process.env['PATH'], HOME: temporary('home') } });
    expect({ status: child.status, stderr: child.stderr.toString() }).toEqual({ status: 0, stderr: '' });
    expect(decodePng(child.stdout).width).toBe(1200);
  });

  it('goes where a link leads, and takes no place of a pipe', async () => {
    const place = temporary('link');
    writeFileSync(join(place, 'there.svg'), 'before');
    symlinkSync('there.svg', join(place, 'here.svg'));
    expect(await picture('svg', '--output', join(place, 'here.svg'))).toMatchObject({ status: 0 });
    expect(readFileSync(join(place, 'there.svg'), 'utf8')).toMatch(/^<svg/);
    expect(await picture('svg', '--output', '/dev/null')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expectRefusal(await picture('parquet', '--output', '/dev/null'), 2, /\/dev\/null is no file/);
    expect(spawnSync('test', ['-c', '/dev/null']).status).toBe(0);
  });
});

it('is made by the shipped files alone: no package is looked for', async () => {
  const place = temporary('place');
  const shipped = temporary('shipped');
  for (const part of ['bin', 'dist']) expect(spawnSync('cp', ['-r', join(root, 'packages', 'cli', part), shipped]).status).toBe(0);
  expect(readdirSync(join(shipped, 'dist', 'figure')).toSorted()).toEqual([
    'DejaVuSans-license.txt',
    'DejaVuSans.ttf',
    'resvg-license.txt',
    'resvg.wasm',
  ]);
  const file = join(place, 'a.png');
  const { status, stderr } = spawnSync(process.execPath, [join(shipped, 'bin', 'hecate.cjs'), ...LINE, 'png', '--output', file], {
    env: { PATH: process.env['PATH'], HOME: place },
  });
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  expect(decodePng(readFileSync(file)).width).toBe(1200);
  // And without them it says so.
  expect(spawnSync('rm', [join(shipped, 'dist', 'figure', 'resvg.wasm')]).status).toBe(0);
  const lame = spawnSync(process.execPath, [join(shipped, 'bin', 'hecate.cjs'), ...LINE, 'png', '--output', file], {
    env: { PATH: process.env['PATH'], HOME: place },
  });
  expect(lame.status).toBe(4);
  expect(lame.stderr.toString()).toMatch(/resvg\.wasm, which PNG needs, cannot be read/);
});

describe.skipIf(!HAS_PTY)('progress on a terminal', () => {
  const many = temporary('many');
  const source = join(many, '2025-01-01.csv');
  const columns = Array.from({ length: 12 }, (_, index) => `m${index}`);
  writeFileSync(
    source,
    `timestamp,${columns.join(',')}\n${Array.from({ length: 43_200 }, (_, row) => {
      const time = new Date(Date.UTC(2025, 0, 1) + row * 2000).toISOString().slice(0, 19);
      return `${time}Z,${columns.map((_name, index) => ((row * (index + 3)) % 997) / 10).join(',')}`;
    }).join('\n')}\n`,
  );
  const DAYS = 60;
  for (let day = 1; day < DAYS; day++) {
    linkSync(source, join(many, `${new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)}.csv`));
  }
  const line = ['analyze', '--data-dir', many, '--start-date', '2025-01-01', '--end-date', '2025-03-01', '--format', 'csv'];
  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: temporary('home'),
    TERM: 'xterm-256color',
    LC_ALL: 'C.UTF-8',
    ...more,
  });

  it('tells how many days are read, and is gone before the report', async () => {
    const terminal = await startPty([process.execPath, HECATE, ...line], { env: environment(), width: 120 });
    await terminal.until(/━.*(?:Reading|Computing) {2}\d+ % {2}\d+ of \d+ (?:days|metrics)/, 60);
    expect(await terminal.ended(120)).toMatchObject({ status: 0 });
    expect(terminal.screen().join('\n')).not.toMatch(/Reading|Computing|━/);
    expect(terminal.screen()[0]).toMatch(/^metric,unit,count/);
  }, 180_000);

  it.each([
    ['on a teletype', { TERM: 'dumb' }],
    ['on a build machine', { CI: 'true' }],
  ])('is not there %s', async (_, more) => {
    const terminal = await startPty([process.execPath, HECATE, ...line], { env: environment(more), width: 120 });
    expect(await terminal.ended(120)).toMatchObject({ status: 0 });
    expect(terminal.written()).toMatch(/^metric,unit,count/);
    expect(terminal.written()).not.toMatch(/Reading|Computing|\u2501/);
  });
});
