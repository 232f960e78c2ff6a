import { errnoOf, HecateError, isTimeout } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { SmartReading } from '../domain/smart.ts';
import { smartGroups } from '../domain/smart-series.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { listMatching, readAttribute, readNumber } from './attribute.ts';
import { parseSmartctl } from './storage/smartctl.ts';
import type { SmartctlAnswer } from './storage/smartctl.ts';

const BLOCK = '/sys/block';

/** Disks that may have SMART. NVMe is asked at the controller, of which there is one however many namespaces it has. */
const DISK = /^(?:sd[a-z]+|hd[a-z]|vd[a-z]+)$/;
const CONTROLLER = /^nvme\d+$/;

/**
 * Ways to speak through a USB bridge that smartctl does not know, each tried once: the usual one, that with shorter
 * commands, and those of NVMe behind USB. Those of old bridges for ATA are left out: they send what others take for something else.
 */
const BRIDGE_TYPES = ['sat', 'sat,12', 'sntasmedia', 'sntjmicron', 'sntrealtek'] as const;

/** Seconds until a disk that does not answer is given up. */
const TIMEOUT = 30;

/** What is known of a disk between two reads. */
interface Known {
  readonly place: string;
  /** The type that worked, '' for the one that smartctl finds; null: none does, and it is not asked again. */
  type: string | null;
  last: SmartReading | null;
  detail: string;
}

/** The disks that can be asked, without asking them: a listing wakes nobody. A card reader without a card has no size. */
function listDisks(host: Host): string[] {
  const disks = listMatching(host, BLOCK, DISK).filter((name) => readNumber(host, `${BLOCK}/${name}/size`) !== 0);
  return [...disks, ...listMatching(host, '/sys/class/nvme', CONTROLLER)];
}

/** Whether the kernel itself put the disk to sleep: then it is not even opened. */
function isSuspended(host: Host, device: string): boolean {
  const folder = CONTROLLER.test(device) ? `/sys/class/nvme/${device}` : `${BLOCK}/${device}`;
  try {
    return readAttribute(host, `${folder}/device/power/runtime_status`) === 'suspended';
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/** Where a disk is plugged in, by its place in /sys: it changes when another disk takes its name. */
function placeOf(host: Host, device: string): string {
  try {
    return host.readLink(CONTROLLER.test(device) ? `/sys/class/nvme/${device}` : `${BLOCK}/${device}`);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return device;
  }
}

/** What is asked: identity, health, attributes, and the logs of errors, self-tests and statistics; nothing of a disk in standby. */
const QUESTION = ['--json=c', '-n', 'standby', '-i', '-H', '-A', '-l', 'error', '-l', 'selftest', '-l', 'devstat'] as const;

async function ask(host: Host, device: string, type: string): Promise<SmartctlAnswer> {
  try {
    const given = type === '' ? [] : ['-d', type];
    const { status, stdout } = await host.run(['smartctl', ...QUESTION, ...given, `/dev/${device}`], { timeout: TIMEOUT });
    return parseSmartctl(device, stdout, status ?? 0b10, host.clock.now());
  } catch (error) {
    // One disk that hangs or answers nonsense says nothing of the others; a program that is not there says it of all.
    if (!(error instanceof HecateError) || error.code !== 'FAILED') throw error;
    return { kind: 'refused', reason: isTimeout(error) ? 'timeout' : 'error', detail: error.message };
  }
}

/** Asks with the types that there are for a USB bridge, until one is answered or the disk turns out to sleep. */
async function askBridge(host: Host, device: string, known: Known): Promise<SmartctlAnswer | null> {
  for (const type of known.place.includes('/usb') ? BRIDGE_TYPES : []) {
    const answer = await ask(host, device, type);
    const isUnderstood = answer.kind === 'asleep' || (answer.kind === 'reading' && answer.reading.model !== null);
    if (!isUnderstood) continue;
    known.type = type;
    return answer;
  }
  known.type = null;
  return null;
}

async function readDisk(host: Host, device: string, known: Known, gaps: GapSink): Promise<SmartReading | null> {
  const field = `smart.${device}`;
  const sleep = (): SmartReading | null => {
    gaps.add(field, 'suspended', 'The disk sleeps, and was not woken.');
    return known.last && { ...known.last, asleep: true };
  };
  if (known.type === null) {
    gaps.add(field, 'unsupported', known.detail);
    return null;
  }
  if (isSuspended(host, device)) return sleep();
  const answer = await ask(host, device, known.type);
  const final = answer.kind === 'unknown' ? ((await askBridge(host, device, known)) ?? answer) : answer;
  switch (final.kind) {
    case 'asleep':
      return sleep();
    case 'unknown':
      known.detail = final.detail;
      gaps.add(field, 'unsupported', final.detail);
      return null;
    case 'refused':
      gaps.add(field, final.reason, final.detail);
      return null;
    default:
      known.last = final.reading;
      return final.reading;
  }
}

/**
 * Health of disks, from smartctl. It starts a program and speaks to hardware: once an hour, and only when asked for.
 * A disk that sleeps is left alone; what it said last stays, with the gap `suspended`.
 */
export const smart: Collector<'smart', readonly SmartReading[]> = {
  name: 'smart',
  lane: 'rare',
  asynchronous: true,
  period: 3600,
  onRequest: true,
  sources: ['smartctl --json', '/sys/block', '/sys/class/nvme'],
  permission: 'Root alone.',
  remedy: 'Install smartmontools, version 7.0 or later, and run as root.',
  groups: smartGroups,
  open(host) {
    let disks = new Map<string, Known>();
    return {
      async read(gaps) {
        const present = listDisks(host);
        const before = disks;
        disks = new Map(
          present.map((device) => {
            const place = placeOf(host, device);
            const known = before.get(device);
            return [device, known?.place === place ? known : { place, type: '', last: null, detail: '' }];
          }),
        );
        const readings: SmartReading[] = [];
        for (const [device, known] of disks) {
          const reading = await readDisk(host, device, known, gaps);
          if (reading) readings.push(reading);
        }
        return readings;
      },
      close: () => {},
    };
  },
};
