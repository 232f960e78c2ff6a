import { HecateError } from '@hecate/host';
import { packCpus } from '../cpu-list.ts';
import { cpusMask, listedCpus, maskCpus } from './cpu-list.ts';
import { cpuinfoText } from './machine.ts';
import type { TunedMachine } from './machine.ts';
import { tunedPattern } from './pattern.ts';

/** A function that a value can call: `${f:cpulist2hex:0-3}`. Source: tuned-profiles(7), "Built-in functions". */
interface TunedFunction {
  /** How many arguments it takes. */
  readonly least: number;
  readonly most: number;
  /** Null when it has no value: the call stays as it is written, as in tuned. */
  call(given: readonly string[], machine: TunedMachine): string | null;
}

const some = (least: number, most: number, call: TunedFunction['call']): TunedFunction => ({ least, most, call });
const any = (call: TunedFunction['call']): TunedFunction => some(0, Number.POSITIVE_INFINITY, call);

/** Lists that are given one by one; an empty part ends a mask. */
const joined = (given: readonly string[]): number[] => listedCpus(given.join(',,'));
const text = (cpus: readonly number[]): string => cpus.join(',');
const cpusIn = (file: 'online' | 'present', { look }: TunedMachine): number[] =>
  listedCpus(look.text(`/sys/devices/system/cpu/${file}`) ?? '');
const inverted = (given: readonly string[], machine: TunedMachine): number[] => {
  const named = new Set(joined(given));
  return cpusIn('online', machine).filter((cpu) => !named.has(cpu));
};

/** Half of a number, to the even one where two are equally near, as Python rounds. */
const halved = (number: number): number => (number % 2 === 0 ? number / 2 : Math.round(number / 4) * 2);

/** All CPUs but the first ones of each socket. */
function isolatedCpus(reserved: number, { look }: TunedMachine): number[] {
  const sockets = new Map<number, number[]>();
  for (const name of look.names('/sys/devices/system/cpu', /^cpu\d{1,5}$/)) {
    const socket = look.number(`/sys/devices/system/cpu/${name}/topology/physical_package_id`);
    if (socket !== null && socket >= 0) sockets.set(socket, [...(sockets.get(socket) ?? []), Number(name.slice(3))]);
  }
  return [...sockets.values()].flatMap((cpus) => cpus.slice(reserved)).sort((one, other) => one - other);
}

const refused = (rule: string): HecateError =>
  new HecateError('INVALID', `The profile refuses this machine: ${JSON.stringify(rule)} does not hold.`, {
    hint: 'Set the variables that it asks for in its file under /etc/tuned.',
  });

/** The functions by name. `exec` is not among them: a profile that is imported runs nothing. */
export const FUNCTIONS: ReadonlyMap<string, TunedFunction> = new Map(
  Object.entries({
    assertion: some(3, 3, ([rule = '', one, other]) => {
      if (one !== other) throw refused(rule);
      return null;
    }),
    assertion_non_equal: some(3, 3, ([rule = '', one, other]) => {
      if (one === other) throw refused(rule);
      return null;
    }),
    calc_isolated_cores: some(0, 1, ([reserved = '1'], machine) =>
      /^\d{1,5}$/.test(reserved) ? text(isolatedCpus(Number(reserved), machine)) : null,
    ),
    check_net_queue_count: some(1, 1, ([count = ''], { facts }) => (/^\d+$/.test(count) ? count : String(facts.cpu.threads))),
    cpuinfo_check: some(2, Number.POSITIVE_INFINITY, (given, machine) => {
      const cpuinfo = cpuinfoText(machine);
      for (let index = 0; index + 1 < given.length; index += 2) if (tunedPattern(given[index]!).test(cpuinfo)) return given[index + 1]!;
      return given.length % 2 === 1 ? given.at(-1)! : '';
    }),
    cpulist2devs: any((given) =>
      listedCpus(given.join(','))
        .map((cpu) => `cpu${cpu}`)
        .join(','),
    ),
    cpulist2hex: any((given) => cpusMask(joined(given))),
    cpulist2hex_invert: any((given, machine) => cpusMask(inverted(given, machine))),
    cpulist_invert: any((given, machine) => text(inverted(given, machine))),
    cpulist_online: any((given, machine) => {
      const online = new Set(cpusIn('online', machine));
      return text(listedCpus(given.join(',')).filter((cpu) => online.has(cpu)));
    }),
    cpulist_pack: any((given) => packCpus(joined(given))),
    cpulist_present: any((given, machine) => {
      const present = new Set(cpusIn('present', machine));
      return text(joined(given).filter((cpu) => present.has(cpu)));
    }),
    cpulist_unpack: any((given) => text(listedCpus(given.join(',')))),
    hex2cpulist: some(1, 1, ([mask = '']) => text(maskCpus(mask))),
    kb2s: some(1, 1, ([size = '']) => (/^\d{1,12}$/.test(size) ? String(Number(size) * 2) : null)),
    regex_search_ternary: some(4, 4, ([words = '', pattern = '', yes = '', no = '']) => (tunedPattern(pattern).test(words) ? yes : no)),
    s2kb: some(1, 1, ([sectors = '']) => (/^\d{1,12}$/.test(sectors) ? String(halved(Number(sectors))) : null)),
    strip: some(1, Number.POSITIVE_INFINITY, (given) => given.join('').trim()),
    virt_check: some(2, 2, ([guest = '', hardware = ''], { facts }) =>
      facts.hypervisor !== null || facts.container !== null ? guest : hardware,
    ),
  } satisfies Readonly<Record<string, TunedFunction>>),
);
