import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import { CONTROL, isZramLoaded } from './zram-device.ts';

/** Adds a device. Throws CONFLICT when somebody else took its number meanwhile: what was added then is removed again. */
export async function addZram(host: WritableHost, device: string): Promise<void> {
  if (!isZramLoaded(host)) throw new HecateError('UNAVAILABLE', 'The module zram is not loaded.', { hint: 'Load it in a change before.' });
  const added = `zram${host.readText(`${CONTROL}/hot_add`).trim()}`;
  if (added === device) return;
  await removeZram(host, added);
  throw new HecateError('CONFLICT', `The kernel made ${added} and not ${device}: another program made one at the same time.`, {
    hint: 'Try again.',
  });
}

/** Removes a device that nobody uses. */
export const removeZram = (host: WritableHost, device: string): Promise<void> =>
  setWhenClosed(host, `${CONTROL}/hot_remove`, device.slice('zram'.length));

/** Takes all content, and the size, from a device that nobody uses. */
export const resetZram = (host: WritableHost, device: string): Promise<void> => setWhenClosed(host, `/sys/block/${device}/reset`, '1');

/** Tries, and milliseconds between them. */
const TRIES = 20;
const STEP = 100;

/** Writes a value that the kernel takes only while nobody has the device open: udev opens each that changes, for a moment. */
async function setWhenClosed(host: WritableHost, file: string, value: string): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      return host.setValue(file, value);
    } catch (error) {
      if (errnoOf(error) !== 'EBUSY' || left === 0) throw error;
      await sleep(STEP);
    }
  }
}
