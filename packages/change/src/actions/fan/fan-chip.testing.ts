import type { Entry, Kernel } from '../../crash/machine.testing.ts';

/** Where the chip of the tests lies. */
export const CHIP = '/sys/devices/platform/nct6775.656/hwmon/hwmon3';
/** Its output. */
export const OUTPUT = `${CHIP}/pwm1`;

/** A chip whose fan it drives itself: `mode` of its ways, at a duty of 90. */
export const chipFiles = (mode: string = '5', duty: string = '90'): Readonly<Record<string, Entry>> => ({
  '/sys': { directory: 0o755 },
  '/sys/devices': { directory: 0o755 },
  '/sys/devices/platform': { directory: 0o755 },
  '/sys/devices/platform/nct6775.656': { directory: 0o755 },
  '/sys/devices/platform/nct6775.656/hwmon': { directory: 0o755 },
  [CHIP]: { directory: 0o755 },
  [`${CHIP}/name`]: { text: 'nct6798\n', mode: 0o444 },
  [OUTPUT]: { text: `${duty}\n`, mode: 0o644 },
  [`${OUTPUT}_enable`]: { text: `${mode}\n`, mode: 0o644 },
});

const refuse = (code: string): never => {
  throw Object.assign(new Error(`${code}: refused by the chip of the tests`), { code });
};

/**
 * What nct6775 does: a duty is refused while the chip decides, whoever gives the fan back to the chip gets the duty that the chip
 * thinks right, and manual at all of the duty reads as full speed.
 */
export const nuvoton: Kernel = (file, text, read) => {
  const [duty, mode] = [read(OUTPUT).trim(), read(`${OUTPUT}_enable`).trim()];
  const value = Number(text);
  if (file === OUTPUT) {
    if (Number(mode) > 1) refuse('EBUSY');
    return { [OUTPUT]: `${value}\n`, [`${OUTPUT}_enable`]: value === 255 ? '0\n' : '1\n' };
  }
  if (value > 5) refuse('EINVAL');
  if (value === 0) return { [OUTPUT]: '255\n', [`${OUTPUT}_enable`]: '0\n' };
  if (value === 1) return { [OUTPUT]: `${duty}\n`, [`${OUTPUT}_enable`]: duty === '255' ? '0\n' : '1\n' };
  return { [OUTPUT]: '90\n', [`${OUTPUT}_enable`]: `${value}\n` };
};
