const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** What stands where nothing is known. */
export const UNKNOWN = '-';

/** `1.5 GiB`; a dash when unknown. Three digits, as much as an eye takes in. */
export function bytes(value: number | null | undefined, suffix: string = ''): string {
  if (value === null || value === undefined) return UNKNOWN;
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= 1000 && unit < BINARY.length - 1) {
    scaled /= 1024;
    unit++;
  }
  const digits = unit === 0 || scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${BINARY[unit]}${suffix}`;
}

/** `34.2 %` of a share from 0 to 1. */
export function percent(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? UNKNOWN : `${(ratio * 100).toFixed(1)} %`;
}

/** `3 d 4 h`, `5 min 6 s`: the two largest units. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return UNKNOWN;
  const parts: string[] = [];
  let rest = Math.floor(seconds);
  for (const [name, size] of [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || (name === 's' && parts.length === 0)) parts.push(`${count} ${name}`);
  }
  return parts.slice(0, 2).join(' ');
}

/** `0.42 ms` of seconds. */
export function milliseconds(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? UNKNOWN : `${(seconds * 1000).toFixed(seconds < 0.01 ? 2 : 0)} ms`;
}
