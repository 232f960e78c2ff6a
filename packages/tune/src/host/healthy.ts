import type { NetworkReading, PressureReading, Snapshot, ThrottleEvidence } from '@hecate/metrics';
import { isThrottling } from '@hecate/metrics';
import type { Verdict } from './verdict.ts';

/** One sign that a machine is clearly worse than before. What a snapshot does not say is no sign. */
interface Sign {
  readonly says: string;
  readonly shows: (before: Snapshot, after: Snapshot) => boolean;
}

/** Less than this share of memory left is near the end. */
const MEMORY_LEFT = 0.02;

/** A share of time in which everything waits, from which on a machine is felt to hang. */
const STALLED = 0.4;

/** Fewer threads than these, or network errors, are within what happens on every machine. */
const FEW_BLOCKED = 8;
const FEW_ERRORS = 100;

/** Share of packets with an error or dropped, from which on a connection is felt to be bad. */
const BAD_PACKETS = 0.01;

/** Both are known, and it is this many times as much as before. */
const isTimes = (factor: number, was: number | null | undefined, is: number | null | undefined): boolean =>
  typeof was === 'number' && typeof is === 'number' && is > was && is >= was * factor;

const stalled = (pressure: PressureReading | null, resource: 'memory' | 'io'): number | null => pressure?.[resource]?.full?.avg10 ?? null;

const hasStalled = (resource: 'memory' | 'io') => (before: Snapshot, after: Snapshot) => {
  const is = stalled(after.pressure, resource);
  return is !== null && is > STALLED && isTimes(2, stalled(before.pressure, resource), is);
};

function runsOut({ memory: before }: Snapshot, { memory: after }: Snapshot): boolean {
  if (!before || !after || before.available === null || after.available === null || !after.total) return false;
  return after.available < after.total * MEMORY_LEFT && after.available < before.available / 2;
}

/** Many more threads than before wait for storage: more than the CPUs could serve. */
function hasBlocked({ cpu: before }: Snapshot, { cpu: after }: Snapshot): boolean {
  const most = Math.max(FEW_BLOCKED, 2 * (after?.cores.length ?? 0));
  return (after?.procsBlocked ?? 0) > most && isTimes(4, before?.procsBlocked, after?.procsBlocked);
}

/** What both readings tell of packets that were lost, in `row`. */
const lostIn = (row: NetworkReading, other: NetworkReading): number => {
  const drops = (name: 'receiveDrops' | 'transmitDrops'): number => (other[name] === null ? 0 : (row[name] ?? 0));
  return row.receiveErrors + row.transmitErrors + drops('receiveDrops') + drops('transmitDrops');
};
const packets = (row: NetworkReading): number => row.receivePackets + row.transmitPackets;

/** An interface lost more than a packet in a hundred since, and ten times the share that it lost since it came up. */
function losesPackets(was: NetworkReading, is: NetworkReading): boolean {
  const lost = lostIn(was, is);
  const errors = lostIn(is, was) - lost;
  const share = errors / Math.max(1, packets(is) - packets(was) + errors);
  return errors > FEW_ERRORS && share > BAD_PACKETS && share > (10 * lost) / Math.max(1, packets(was) + lost);
}

function hasBadNetwork({ network: before }: Snapshot, { network: after }: Snapshot): boolean {
  const earlier = new Map(before?.map((row) => [row.index ?? row.device, row]));
  return (after ?? []).some((row) => {
    const was = earlier.get(row.index ?? row.device);
    return row.physical && was !== undefined && losesPackets(was, row);
  });
}

/** Whether it was slowed down at some time since it booted. A machine that does so by itself is none the worse when it does again. */
const hasEverThrottled = ({ frequency }: ThrottleEvidence): boolean =>
  [...(frequency?.coreThrottles ?? []), ...(frequency?.packageThrottles ?? [])].some(({ throttles }) => throttles > 0);

function hasThrottled(before: Snapshot, after: Snapshot): boolean {
  const frequency = hasEverThrottled(before) ? null : before.frequency;
  return isThrottling(before, before) !== true && isThrottling({ frequency, thermal: before.thermal }, after) === true;
}

const SIGNS: readonly Sign[] = [
  {
    says: 'The kernel had to kill a process because memory ran out.',
    shows: (before, after) => isTimes(1, before.paging?.oomKills, after.paging?.oomKills),
  },
  { says: 'Less than 2 % of memory is left, and less than half of what was left before.', shows: runsOut },
  { says: 'Everything waits for memory for more than 40 % of the time, twice as long as before.', shows: hasStalled('memory') },
  { says: 'Everything waits for storage for more than 40 % of the time, twice as long as before.', shows: hasStalled('io') },
  { says: 'Four times as many threads as before are blocked, more than two a CPU.', shows: hasBlocked },
  { says: 'A network interface loses more than 1 % of its packets, which it did not before.', shows: hasBadNetwork },
  { says: 'The processor is slowed down because it is hot, which it was not before.', shows: hasThrottled },
];

/** Whether a machine is still well after a change. Only what is clearly worse is a reason to roll back; of several the first is told. */
export function healthy(before: Snapshot, after: Snapshot): Verdict {
  const sign = SIGNS.find(({ shows }) => shows(before, after));
  return { healthy: sign === undefined, reason: sign?.says ?? null };
}
