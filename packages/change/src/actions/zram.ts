import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Json, ZramAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { needCapability, needPrograms, runTool } from './program.ts';
import { expectProperties, quote } from './raw-action.ts';
import { wholeNumberOf, wordOf } from './raw-values.ts';
import { addZram, removeZram, resetZram } from './zram/zram-control.ts';
import { foreignSetting, isZramLoaded, nextZram, readAlgorithms, readZram } from './zram/zram-device.ts';
import type { ZramState } from './zram/zram-device.ts';

/** Name of our swap spaces, by which they are told from others'. */
const LABEL = 'hecate';
/** Devices have whole pages: the largest that Linux knows serve for all. */
const LARGEST_PAGE = 65_536;
/** Bytes: less holds no swap header, more than 16 TiB holds no machine. */
const SIZES = [1024 * 1024, 16 * 1024 ** 4] as const;
/** Seconds: to leave a swap space, all that is in it is read back. */
const TIMEOUT = 300;

/** Swap in compressed memory. Of other settings of a device (memory limit, backing device) none is changed, and one that has any is refused. */
export const zram: ActionHandler<ZramAction> = {
  kind: 'zram',
  persists: false,
  parse(raw) {
    expectProperties(raw, 'zram', ['device', 'size', 'algorithm', 'priority']);
    return {
      kind: 'zram',
      device: wordOf(raw, 'device', 'zram', /^zram(?:0|[1-9]\d{0,2})$/, 'zram and a number'),
      size: wholeNumberOf(raw, 'size', 'zram', SIZES),
      algorithm: wordOf(raw, 'algorithm', 'zram', /^[a-z0-9-]{1,32}$/, 'the name of a compression, such as zstd'),
      priority: wholeNumberOf(raw, 'priority', 'zram', [-1, 32_767]),
    };
  },
  target: ({ device }) => device,
  describe: ({ device }) => `compressed swap ${device}`,
  current: (host, { device }) => readZram(host, device),
  wanted(action, _was, host) {
    const { algorithm } = action;
    const offered = readAlgorithms(host);
    if (offered && !offered.includes(algorithm)) {
      throw new HecateError('INVALID', `This kernel does not compress with ${quote(algorithm)}.`, {
        hint: `It offers ${offered.join(', ')}.`,
      });
    }
    return wantedState(action);
  },
  async check(host, { device }, was) {
    needPrograms(host, 'mkswap', 'swapon', 'swapoff', 'swaplabel');
    needCapability(host, 'SYS_ADMIN', 'Swapping to another device');
    await refuseOthers(host, device, was as ZramState);
  },
  apply: (host, action) => reach(host, action.device, wantedState(action)),
  restore: (host, { device }, was) => reach(host, device, was as ZramState),
  isOurs: isOurDevice,
};

const wantedState = ({ size, algorithm, priority }: ZramAction): ZramState => ({
  present: true,
  algorithm,
  size: Math.ceil(size / LARGEST_PAGE) * LARGEST_PAGE,
  active: true,
  priority,
});

/** Throws CONFLICT when somebody else uses the device, or would get the one that we make. */
async function refuseOthers(host: WritableHost, device: string, { present, size, active }: ZramState): Promise<void> {
  if (!present) {
    // The module makes devices of its own when it is loaded.
    if (!isZramLoaded(host)) return;
    const next = `zram${nextZram(host)}`;
    if (next !== device) throw new HecateError('CONFLICT', `The kernel would make ${next} now, and not ${device}.`);
    return;
  }
  const setting = foreignSetting(host, device);
  if (setting !== null) throw new HecateError('CONFLICT', `${device} has a ${setting}: somebody else set it up.`);
  if (size === 0 && !active) return;
  const label = active ? (await runTool(host, ['swaplabel', `/dev/${device}`])).match(/^LABEL:\s*(.*)$/m)?.[1] : undefined;
  if (label === LABEL) return;
  throw new HecateError('CONFLICT', `${device} is in use by somebody else.`, {
    hint: 'Choose another device, or stop what made it (zram-generator, zramswap).',
  });
}

/** Brings a device to a state, from wherever it is. What is set up already stays, so that nothing is swapped in needlessly. */
async function reach(host: WritableHost, device: string, wanted: ZramState): Promise<void> {
  const now = readZram(host, device);
  if (JSON.stringify(now) === JSON.stringify(wanted)) return;
  if (now.active) await runTool(host, ['swapoff', `/dev/${device}`], { timeout: TIMEOUT });
  if (now.size !== 0) await resetZram(host, device);
  if (!wanted.present) {
    if (now.present) await removeZram(host, device);
    return;
  }
  if (!now.present) await addZram(host, device);
  if (wanted.algorithm !== null) host.setValue(`/sys/block/${device}/comp_algorithm`, wanted.algorithm);
  if (wanted.size === 0) return;
  host.setValue(`/sys/block/${device}/disksize`, String(wanted.size));
  if (!wanted.active) return;
  await runTool(host, ['mkswap', '-L', LABEL, `/dev/${device}`]);
  const priority = wanted.priority === null || wanted.priority < 0 ? [] : ['-p', String(wanted.priority)];
  await runTool(host, ['swapon', ...priority, `/dev/${device}`]);
}

/** A device on its way from one state to the other: it has the one's settings or the other's, or none, and is swapped to only when whole. */
function isOurDevice(now: Json, wanted: Json, was: Json): boolean {
  const [is, want, before] = [now, wanted, was] as ZramState[];
  // The module was unloaded: that was not us.
  if (!is!.present) return false;
  if (is!.active) return JSON.stringify(is) === JSON.stringify(want) || JSON.stringify(is) === JSON.stringify(before);
  return is!.size === 0 || [want!, before!].some(({ size, algorithm }) => size === is!.size && algorithm === is!.algorithm);
}
