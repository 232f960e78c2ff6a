import type { GuestReading } from '../../domain/guests.ts';

/** Names that QEMU runs under: its own, Red Hat's, and that of Proxmox. The kernel keeps the first 15 bytes. */
export function isQemu(comm: string): boolean {
  return comm.startsWith('qemu-system-') || comm === 'qemu-kvm' || comm === 'kvm';
}

const SIZES: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
/** What QEMU gives without `-m`. */
const DEFAULT_MEMORY = 128 * 2 ** 20;

/** `key=value,key=value`; the first may go without its key. A comma in a value is doubled. */
function suboptions(text: string | undefined, first: string): Map<string, string> {
  const options = new Map<string, string>();
  if (text === undefined) return options;
  for (const [index, part] of text.replaceAll(',,', '\0').split(',').entries()) {
    const plain = part.replaceAll('\0', ',');
    const equals = plain.indexOf('=');
    if (equals >= 0) options.set(plain.slice(0, equals), plain.slice(equals + 1));
    else if (index === 0) options.set(first, plain);
  }
  return options;
}

/** `2048` (MiB), `2G`, `2097152k`. */
function memoryOf(size: string | undefined): number {
  const [, digits, unit = 'm'] = /^(\d{1,12}(?:\.\d{1,6})?)([bkmgt])?$/i.exec(size ?? '') ?? [];
  return digits === undefined ? DEFAULT_MEMORY : Math.round(Number(digits) * SIZES[unit.toLowerCase()]!);
}

function cpusOf(options: ReadonlyMap<string, string>): number {
  const number = (key: string): number | null => {
    const value = options.get(key);
    return value !== undefined && /^\d{1,5}$/.test(value) && Number(value) > 0 ? Number(value) : null;
  };
  const product = ['sockets', 'dies', 'clusters', 'cores', 'threads'].reduce((all, key) => all * (number(key) ?? 1), 1);
  return number('cpus') ?? number('maxcpus') ?? product;
}

/** The value after the last of an option, with one dash or two. */
function valueOf(argv: readonly string[], option: string): string | undefined {
  const at = argv.findLastIndex((argument) => argument === `-${option}` || argument === `--${option}`);
  return at < 0 ? undefined : argv[at + 1];
}

function acceleratorOf(argv: readonly string[]): string {
  // Of several the first is tried first.
  const first = argv.findIndex((argument) => argument === '-accel' || argument === '--accel');
  const machine = suboptions(valueOf(argv, 'machine') ?? valueOf(argv, 'M'), 'type').get('accel');
  const named = first >= 0 ? suboptions(argv[first + 1], 'accel').get('accel') : machine?.split(':')[0];
  if (named) return named.slice(0, 32);
  const isKvm = argv.includes('-enable-kvm') || argv.includes('--enable-kvm') || /(?:^|\/)(?:qemu-)?kvm$/.test(argv[0] ?? '');
  return isKvm ? 'kvm' : 'tcg';
}

/** What the command line of QEMU says (qemu(1)). Null when it is none: a program that only asks QEMU for its version. */
export function parseQemu(pid: number, argv: readonly string[]): GuestReading | null {
  if (argv.length < 2 || argv.some((argument) => /^--?(?:version|help)$/.test(argument))) return null;
  const name = suboptions(valueOf(argv, 'name'), 'guest').get('guest');
  const uuid = valueOf(argv, 'uuid');
  return {
    name: name?.slice(0, 256) || null,
    pid,
    uuid: uuid !== undefined && /^[\da-f-]{36}$/i.test(uuid) ? uuid.toLowerCase() : null,
    memory: memoryOf(suboptions(valueOf(argv, 'm'), 'size').get('size')),
    cpus: cpusOf(suboptions(valueOf(argv, 'smp'), 'cpus')),
    accelerator: acceleratorOf(argv),
    architecture: /qemu-system-([\w]{1,32})$/.exec(argv[0]!)?.[1] ?? null,
  };
}
