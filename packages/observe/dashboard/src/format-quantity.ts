const DASH = '–';
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const DECIMAL = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s', 'PB/s', 'EB/s'];
const COUNT = ['', 'k', 'M', 'G', 'T'];
/** A space that does not break the line, and is narrower than a letter. */
const THIN = '\u202f';

/** Three significant digits, as few characters as that needs: 9.87, 98.7, 987. */
function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95 || Number.isInteger(value)) return String(Math.round(value));
  return size >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function scaled(value: number, base: number, units: readonly string[], digits: (value: number) => string = significant): string {
  let size = value;
  let unit = 0;
  while (unit < units.length - 1 && Math.abs(size) >= base * 0.9995) {
    size /= base;
    unit++;
  }
  const text = unit === 0 && Math.abs(size) >= 1 ? String(Math.round(size)) : digits(size);
  return `${text}${units[unit] ? THIN : ''}${units[unit]}`;
}

function seconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return `0${THIN}s`;
  if (size < 0.001) return `${significant(value * 1e6)}${THIN}µs`;
  if (size < 1) return `${significant(value * 1e3)}${THIN}ms`;
  return `${significant(value)}${THIN}s`;
}

/**
 * A number with its unit, for people: `1.5 GiB`, `3.2 MB/s`, `12.3 %`, `4.1 ms`. Bytes count in 1024s,
 * rates of bytes in 1000s. Null gives a dash.
 */
export function formatQuantity(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  switch (unit) {
    case 'percent':
      return `${Math.abs(value) >= 9.95 || value === 0 ? value.toFixed(0) : value.toFixed(1)}${THIN}%`;
    case 'bytes':
      return scaled(value, 1024, BINARY);
    case 'bytes/second':
      return Math.abs(value) < 0.5 ? `0${THIN}B/s` : scaled(value, 1000, DECIMAL);
    case 'seconds':
      return seconds(value);
    case 'count':
      return scaled(value, 1000, COUNT).replace(THIN, '');
    case 'count/second':
      return `${scaled(value, 1000, COUNT).replace(THIN, '')}/s`;
    case 'load':
      return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
    case 'watts':
      return `${significant(value)}${THIN}W`;
    case 'celsius':
      return `${significant(value)}${THIN}°C`;
    case 'rpm':
      return `${Math.round(value)}${THIN}rpm`;
    case 'hertz':
      return scaled(value, 1000, ['Hz', 'kHz', 'MHz', 'GHz']);
    default:
      return significant(value);
  }
}

/** The same for a label of an axis, where `2.50 MB/s` is `2.5 MB/s` and a direction has no sign. */
export function formatAxisQuantity(value: number, unit: string): string {
  return formatQuantity(Math.abs(value), unit)
    .replace(/(\.\d*?)0+(?=\D|$)/, '$1')
    .replace(/\.(?=\D|$)/, '');
}

/** A length of time in its two largest units: `3 d 4 h`, `12 min 5 s`. Null gives a dash. */
export function formatDuration(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  const whole = Math.max(0, Math.floor(value));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return `0${THIN}s`;
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${THIN}${unit}`)
    .join(' ');
}

/** Time of CPU as `ps` prints it: `1:02.34`, `3:04:05`; a dash when it is not known. */
export function formatCpuTime(value: number | null): string {
  if (value === null) return DASH;
  const minutes = Math.floor(value / 60);
  const two = (part: number): string => String(part).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${(value % 60).toFixed(2).padStart(5, '0')}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(Math.floor(value % 60))}`;
}

const two = (part: number): string => String(part).padStart(2, '0');

/** The clock at a time (seconds since the epoch) in this browser's time zone: `14:03:22`. */
export function formatClock(time: number): string {
  const date = new Date(time * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Date and clock: `2026-11-21 14:03:22`. */
export function formatMoment(time: number): string {
  const date = new Date(time * 1000);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(time)}`;
}

/** A label of a time axis whose labels are `spacing` seconds apart: seconds, minutes or days as needed. */
export function formatAxisTime(time: number, spacing: number): string {
  const date = new Date(time * 1000);
  if (spacing >= 86_400 || (spacing >= 3600 && date.getHours() === 0 && date.getMinutes() === 0)) {
    return `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  }
  const clock = formatClock(time);
  return spacing < 60 ? clock : clock.slice(0, 5);
}
