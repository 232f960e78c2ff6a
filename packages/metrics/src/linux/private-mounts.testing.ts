/** A program for a mount namespace of its own, started by `hung-mount.test.ts`: mounts that never answer must not harm this machine. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openHost, openRootedHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { eachFilesystemOnce } from '../domain/filesystem-choice.ts';
import type { FilesystemReading } from '../domain/filesystem.ts';
import type { Reader } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { openFilesystem } from './filesystem.ts';
import { createMountProbe } from './mount-probe.ts';

/** What one read gave for the mounts under the directory of the test. */
interface Seen {
  readonly rows: Record<string, { readonly size: number | null; readonly error: string | null }>;
  readonly gaps: Record<string, string>;
  /** How often a timer of 10 ms came during the read. */
  readonly ticks: number;
}

const [, , scenario, directory] = process.argv as [string, string, string, string];

function run(...argv: [string, ...string[]]): void {
  const { status, stderr } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
}

/** A FUSE file system without anybody behind it: whoever asks it waits. Closing the descriptor ends it. */
function mountDead(name: string): number {
  const point = path.join(directory, name);
  mkdirSync(point);
  const descriptor = openSync('/dev/fuse', 'r+');
  const { status, stderr } = spawnSync('mount', ['-i', '-t', 'fuse', '-o', 'fd=3,rootmode=40000,user_id=0,group_id=0', 'dead', point], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', descriptor],
  });
  if (status !== 0) throw new Error(`mount: ${stderr}`);
  return descriptor;
}

function mountLive(name: string): void {
  const point = path.join(directory, name);
  mkdirSync(point, { recursive: true });
  run('mount', '-t', 'tmpfs', '-o', 'size=1m', 'live', point);
}

async function see(reader: Reader<readonly FilesystemReading[]>): Promise<Seen> {
  const found: Gap[] = [];
  let ticks = 0;
  const timer = setInterval(() => ticks++, 10);
  const reading = (await reader.read(collectGaps(found))) as readonly FilesystemReading[];
  clearInterval(timer);
  const mine = (text: string): boolean => text.includes(directory);
  const short = (text: string): string => path.basename(text);
  return {
    rows: Object.fromEntries(
      reading.filter((row) => mine(row.mountpoint)).map(({ mountpoint, size, error }) => [short(mountpoint), { size, error }]),
    ),
    gaps: Object.fromEntries(found.filter((gap) => mine(gap.field)).map((gap) => [short(gap.field), `${gap.reason}: ${gap.detail}`])),
    ticks,
  };
}

const open = (host: Host): Reader<readonly FilesystemReading[]> => openFilesystem(host, createMountProbe(1));

/** One dead mount, read three times, then given up by its server, then unmounted. */
async function oneDead(): Promise<unknown> {
  mountLive('before');
  const descriptor = mountDead('dead');
  mountLive('after');
  const reader = open(openHost());
  const hung = [await see(reader), await see(reader)];
  const otherFiles = (await readFile('/proc/self/comm', 'utf8')).length > 0;
  closeSync(descriptor);
  // The kernel ends the call; give it the turn that its answer needs.
  while (Object.values((await see(reader)).gaps).some((gap) => gap.startsWith('timeout')))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const ended = await see(reader);
  run('umount', '-l', path.join(directory, 'dead'));
  return { hung, otherFiles, ended, gone: await see(reader) };
}

/** Four dead mounts: two are asked, and all else goes on. */
async function manyDead(): Promise<unknown> {
  const descriptors = ['dead1', 'dead2', 'dead3', 'dead4'].map(mountDead);
  mountLive('live');
  const reader = open(openHost());
  const seen = [await see(reader), await see(reader)];
  const otherFiles = (await readFile('/proc/self/comm', 'utf8')).length > 0;
  descriptors.forEach((descriptor) => closeSync(descriptor));
  return { seen, otherFiles };
}

/** A process with a call that hangs can end, with its own status, and those who listen to its end are heard. */
async function exits(): Promise<unknown> {
  mountDead('dead');
  await see(open(openHost()));
  process.on('exit', (status) => writeFileSync(1, JSON.stringify({ heard: status })));
  process.exit(7);
}

/** A machine whose root is mounted under a directory: what is mounted there too is measured, and nothing else. */
async function rooted(): Promise<unknown> {
  const root = mkdtempSync(path.join(directory, 'root-'));
  mkdirSync(path.join(root, 'proc/1'), { recursive: true });
  mkdirSync(path.join(root, 'data here'));
  run('mount', '-t', 'tmpfs', '-o', 'size=2m', 'data', path.join(root, 'data here'));
  const line = openHost()
    .readText('/proc/self/mountinfo')
    .split('\n')
    .find((text) => text.includes('root-'))!;
  const number = line.split(' ')[2]!;
  writeFileSync(
    path.join(root, 'proc/1/mountinfo'),
    [
      `50 52 ${number} / /data\\040here rw - tmpfs data rw`,
      `51 52 ${number} / /not\\040here rw - tmpfs data rw`,
      `52 1 9:9 / / rw - ext4 /dev/other rw`,
      '',
    ].join('\n'),
  );
  const reading = (await open(openRootedHost(root)).read(collectGaps([]))) as readonly FilesystemReading[];
  return reading.map(({ mountpoint, size, error }) => ({ mountpoint, size, error }));
}

/** File systems that are mounted in several places: what we list of them, and what df does. */
async function bound(): Promise<unknown> {
  const point = (name: string): string => path.join(directory, name);
  const bind = (from: string, to: string): void => {
    mkdirSync(point(from), { recursive: true });
    mkdirSync(point(to), { recursive: true });
    run('mount', '--bind', point(from), point(to));
  };
  mountLive('one');
  bind('one', 'one-again');
  bind('one/part', 'a-part');
  bind('one/part', 'one/part');
  mountLive('two-far');
  bind('two-far', 'two');
  bind('two/deep/part', 'part-of-two');
  const reading = (await open(openHost()).read(collectGaps([]))) as readonly FilesystemReading[];
  const { stdout } = spawnSync('df', ['--output=target'], { encoding: 'utf8' });
  const mine = (mountpoints: readonly string[]): string[] => mountpoints.filter((name) => name.startsWith(`${directory}/`)).sort();
  return {
    all: mine(reading.map(({ mountpoint }) => mountpoint)).length,
    ours: mine(eachFilesystemOnce(reading).map(({ mountpoint }) => mountpoint)),
    df: mine(stdout.split('\n')),
  };
}

/** Process 1 sees a mount that we do not, as a service manager's view of a machine differs from its service's. */
async function elsewhere(): Promise<unknown> {
  mountLive('live');
  const inner = ['--mount', '--propagation', 'private', process.execPath, process.argv[1]!, 'inside', directory];
  const { stdout, stderr } = spawnSync('unshare', inner, { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The other end of {@link elsewhere}. */
async function inside(): Promise<unknown> {
  run('umount', path.join(directory, 'live'));
  return see(open(openHost()));
}

const SCENARIOS: Readonly<Record<string, () => Promise<unknown>>> = { oneDead, manyDead, exits, rooted, bound, elsewhere, inside };
const result = await SCENARIOS[scenario]!();
process.stdout.write(JSON.stringify(result));
