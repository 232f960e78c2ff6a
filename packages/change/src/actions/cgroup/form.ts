import { HecateError } from '@hecate/host';
import { quote } from '../raw-action.ts';
import { formOfFile, listForm } from '../sysfs/form.ts';
import type { Form } from '../sysfs/form.ts';
import { normaliseValue } from '../value-file.ts';

/** Writing these moves or ends processes, or starts something: there is no value that could be brought back. */
const REFUSED: Readonly<Record<string, string>> = {
  'cgroup.procs': 'it moves processes',
  'cgroup.threads': 'it moves threads',
  tasks: 'it moves threads',
  'cgroup.kill': 'it kills processes',
  'cgroup.type': 'a threaded group never becomes another one again',
  'cgroup.event_control': 'it registers events',
  'cgroup.pressure': 'it throws the history of pressure away',
  'memory.reclaim': 'it reclaims memory at once',
  'memory.force_empty': 'it reclaims memory at once',
  'memory.oom_control': 'it reads in another form than it is written',
  'devices.allow': 'rules of devices are a program',
  'devices.deny': 'rules of devices are a program',
  'io.cost.qos': 'the kernel cannot take a line of it back',
  'io.cost.model': 'the kernel cannot take a line of it back',
  release_agent: 'it names a program that root runs',
};

/** Throws INVALID for a file that is no setting of a group, or no file of one. */
export function expectSetting(file: string): void {
  const why = REFUSED[file];
  if (why !== undefined) throw new HecateError('INVALID', `${file} is no setting of a control group: ${why}.`);
  if (!/^[a-z_\d]+(?:\.[\w-]+)*$/i.test(file)) throw new HecateError('INVALID', `${quote(file)} is no file of a control group.`);
}

const SUFFIXES = 'kmgtpe';
/** The kernel keeps memory in pages; larger pages than this are told by reading back. */
const PAGE = 4096n;
/** What v1 prints for no limit: the largest number of pages in bytes. */
const OLD_UNLIMITED = '9223372036854771712';

/** Memory in bytes, `4G` too (memparse of lib/cmdline.c), rounded down to pages as page_counter_memparse does; `max` for no limit. */
const bytes = (unlimited: string): Form => ({
  normalise: normaliseValue,
  wanted(value) {
    const text = value.trim();
    if (text === 'max' || text === '-1') return unlimited;
    const [, digits, suffix = ''] = /^(\d{1,19})([kmgtpe]?)$/i.exec(text) ?? [];
    if (digits === undefined)
      throw new HecateError('INVALID', `${quote(value)} is no amount of memory.`, { hint: 'It looks like 1073741824, 1G or max.' });
    const scale = suffix === '' ? 0n : BigInt(10 * (SUFFIXES.indexOf(suffix.toLowerCase()) + 1));
    const amount = ((BigInt(digits) << scale) / PAGE) * PAGE;
    return amount >= BigInt(OLD_UNLIMITED) ? unlimited : amount.toString();
  },
});

/** `50000 100000`: time in a period; what is not given stays. */
const bandwidth: Form = {
  normalise: normaliseValue,
  wanted(value, was) {
    const [, quota, period = was.split(' ')[1] ?? '100000'] = /^(max|\d{1,12})(?:\s+(\d{1,12}))?$/.exec(value.trim()) ?? [];
    if (quota === undefined)
      throw new HecateError('INVALID', `${quote(value)} is no share of time.`, { hint: 'It looks like 50000 100000, or max.' });
    return `${quota} ${period}`;
  },
};

/** `+memory -io`: controllers that are switched on and off for the groups below; the state is those that are on, sorted. */
const controllers: Form = {
  normalise: (text) => text.split(/\s+/).filter(Boolean).sort().join(' '),
  wanted(value, was) {
    const on = new Set(was.split(' ').filter(Boolean));
    for (const word of value.trim().split(/\s+/)) {
      if (!/^[-+][a-z_]+$/.test(word)) {
        throw new HecateError('INVALID', `${quote(value)} does not switch controllers.`, { hint: 'It looks like +memory -io.' });
      }
      if (word.startsWith('+')) on.add(word.slice(1));
      else on.delete(word.slice(1));
    }
    return [...on].sort().join(' ');
  },
};

/** What brings a group from one set of controllers to the other. */
export function controllerSwitches(from: string, to: string): string {
  const [before, after] = [from, to].map((set) => set.split(' ').filter(Boolean)) as [string[], string[]];
  return [
    ...after.filter((name) => !before.includes(name)).map((name) => `+${name}`),
    ...before.filter((name) => !after.includes(name)).map((name) => `-${name}`),
  ].join(' ');
}

/** The form of a file of a control group, by its name. */
export function formOfGroupFile(file: string): Form {
  if (file === 'cgroup.subtree_control') return controllers;
  if (file === 'cpu.max') return bandwidth;
  if (/^cpuset\.(?:cpus|mems)(?:\.exclusive)?$/.test(file)) return listForm;
  if (/^memory\.(?:min|low|high|max|swap\.high|swap\.max|zswap\.max)$|^hugetlb\..+\.(?:max|rsvd\.max)$/.test(file)) return bytes('max');
  if (file.endsWith('_in_bytes')) return bytes(OLD_UNLIMITED);
  return formOfFile(file);
}
