import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openHost, openWritableHost } from '@hecate/host';
import type { ZramAction } from '../action.ts';
import type { ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { holdMachine } from '../shared-machine.testing.ts';
import { needsRoot } from './machine.testing.ts';
import { nextZram } from './zram/zram-device.ts';

const CONTROL = '/sys/class/zram-control';
const host = openWritableHost(openHost());

/** Why there is no zram to try; null when there is. */
export const noZram: string | null =
  needsRoot ??
  (existsSync(CONTROL) ? null : 'this kernel has no zram') ??
  (spawnSync('swaplabel', ['--version']).error ? 'util-linux has no swaplabel here' : null);

/** Waits until no other test has a device of zram: the kernel numbers them, so two at once would get one another's. */
export const holdZram = (): Promise<() => void> => holdMachine('zram');

/** The device that all tests have, one after the other: one that the machine does not have yet. */
export const DEVICE: string = noZram === null ? await findDevice() : 'zram0';

async function findDevice(): Promise<string> {
  const letGo = await holdZram();
  const device = `zram${nextZram(host)}`;
  letGo();
  return device;
}

/** Everything that tests may change: devices with their settings, and what is swapped to. */
function picture(): unknown {
  const settings = (device: string): string[] =>
    ['comp_algorithm', 'disksize', 'initstate'].map((name) => readFileSync(`/sys/block/${device}/${name}`, 'utf8'));
  return {
    devices: readdirSync('/sys/block')
      .filter((name) => name.startsWith('zram'))
      .map((name) => [name, ...(name === DEVICE ? settings(name) : [])]),
    swaps: readFileSync('/proc/swaps', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`/dev/${DEVICE}`)),
  };
}

function remove(): void {
  if (!existsSync(`/sys/block/${DEVICE}`)) return;
  spawnSync('swapoff', [`/dev/${DEVICE}`]);
  writeFileSync(`/sys/block/${DEVICE}/reset`, '1');
  writeFileSync(`${CONTROL}/hot_remove`, DEVICE.slice('zram'.length));
}

/** The machine we run on, without the device. */
export async function openWithout(): Promise<ActionPlace> {
  const letGo = await holdZram();
  return {
    host,
    picture,
    close: () => {
      remove();
      letGo();
    },
  };
}

/** The machine we run on, with the device: as new, or as a swap space with this label. */
export async function openWith(label?: string): Promise<ActionPlace> {
  const place = await openWithout();
  readFileSync(`${CONTROL}/hot_add`);
  if (label === undefined) return place;
  writeFileSync(`/sys/block/${DEVICE}/disksize`, '2097152');
  tool('mkswap', '-L', label, `/dev/${DEVICE}`);
  tool('swapon', '-p', '7', `/dev/${DEVICE}`);
  return place;
}

function tool(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const action = (size: number, algorithm: string, priority: number): ZramAction => ({
  kind: 'zram',
  device: DEVICE,
  size,
  algorithm,
  priority,
});

export const suite: ActionSuite<ZramAction> = {
  shape: {},
  cases: [
    { name: 'a device that is not there', missing: noZram, action: action(8 * 1024 ** 2 + 1, 'lz4', 100), open: openWithout },
    { name: 'a device that nobody uses', missing: noZram, action: action(4 * 1024 ** 2, 'lzo', -1), open: () => openWith() },
    {
      name: 'another size for a swap space of ours',
      missing: noZram,
      action: action(4 * 1024 ** 2, 'lz4', 0),
      open: () => openWith('hecate'),
    },
  ],
};
