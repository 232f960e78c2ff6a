import { parseAssignment } from './assignment.ts';
import { devicesOf, noDevices } from './devices.ts';
import { never, pluginOf } from './plugin.ts';
import type { DraftKnob, PluginOutcome, PluginRequest, TunedPlugin } from './plugin.ts';

/** Kinds of disks that tuned sets: no memory cards, and nothing that can be taken out. */
const KINDS = ['nvme', 'ssd', 'hdd', 'virtual', 'loop', 'other'] as const;

/** A setting of a disk's queue: a knob for all disks, or one for each of those that a unit names. */
function ofDisks(request: PluginRequest, all: DraftKnob, file: string, one: Omit<DraftKnob, 'knob'>): PluginOutcome {
  const names = request.machine.facts.disks
    .filter(({ removable, kind }) => !removable && KINDS.includes(kind as (typeof KINDS)[number]))
    .map(({ name }) => name);
  const devices = devicesOf(request, names);
  if (devices === 'all') return [{ ...all, disks: KINDS }];
  if (devices.length === 0) return noDevices(request, 'disks');
  return devices.map((name) => ({ knob: 'sysfs', path: `/sys/block/${name}/queue/${file}`, ...one }));
}

function readAhead(request: PluginRequest): PluginOutcome {
  const { value, bound } = parseAssignment(request.value);
  const [, digits, unit] = /^(\d{1,9})(?:\s+(\S).*)?$/.exec(value) ?? [];
  if (digits === undefined) return 'It is no number of kibibytes, nor one of sectors such as "8192 s".';
  const kibibytes = unit === 's' ? Math.floor(Number(digits) / 2) : Number(digits);
  return ofDisks(request, { knob: 'disk-read-ahead', value: `${kibibytes}KiB`, ...bound }, 'read_ahead_kb', { value: kibibytes, ...bound });
}

const NO_TOOL = never('It takes hdparm, and a disk does not tell what it was before: it could not be undone.');

/** The plugin `disk`: the queues of disks. */
export const disk: TunedPlugin = pluginOf('disk', {
  elevator: (request) => ofDisks(request, { knob: 'disk-scheduler', value: request.value }, 'scheduler', { value: request.value }),
  readahead: readAhead,
  readahead_multiply: never('It depends on what is there when it is applied, and would grow each time.'),
  scheduler_quantum: never('It belongs to a scheduler that kernels since 5.0 do not have.'),
  apm: NO_TOOL,
  spindown: NO_TOOL,
  dynamic: never('tuned moves it with the load while it runs; we set what stays.'),
});
