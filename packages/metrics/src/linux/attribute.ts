import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/**
 * What a driver answers when it has nothing to say: no such file or device, not supported by this device,
 * meaningless in its present state (the speed of an interface that is down), or asked at the wrong moment.
 */
const SILENCE = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENXIO', 'EINVAL', 'EOPNOTSUPP', 'ENOTSUP', 'EBUSY', 'ENODATA', 'EIO']);

/**
 * A file of one line in /sys or /proc, without the line's end. Null when there is no such file or the driver
 * has nothing to say; an empty file is ''. Throws other errors of the operating system (EACCES).
 */
export function readAttribute(host: Host, path: string): string | null {
  let text: string;
  try {
    text = host.readText(path);
  } catch (error) {
    if (SILENCE.has(errnoOf(error) ?? '')) return null;
    throw error;
  }
  const end = text.indexOf('\n');
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/** A whole number as the kernel writes it: decimal with sign, or hexadecimal after `0x`. Null for anything else. */
export function parseAttributeNumber(text: string | null): number | null {
  if (text === null || !/^(?:-?\d{1,20}|0x[\da-f]{1,16})$/i.test(text)) return null;
  return Number(text);
}

/** {@link readAttribute} as a number; null also for text that is not one. */
export function readNumber(host: Host, path: string): number | null {
  return parseAttributeNumber(readAttribute(host, path));
}
