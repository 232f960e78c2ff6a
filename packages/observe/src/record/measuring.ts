import type { Host } from '@hecate/host';
import type { CollectorName, Lane } from '@hecate/metrics';

/** Seconds between two measurements that a program makes for us while nobody looks at them. */
const UNWATCHED_MEASURING = 60;
/** What powermetrics(1) measures where the libraries of macOS tell nothing, as watts on Intel. */
const MEASURED: ReadonlySet<CollectorName> = new Set(['energy', 'frequency']);

/**
 * Whether a reading of a collector is a measurement of a program, which runs for a second each time. `lane` is the one that it is in now:
 * on a Mac `fast` while the libraries tell it, and `slow` once programs are asked.
 */
export const isMeasuredByProgram = ({ platform }: Pick<Host, 'platform'>, name: CollectorName, lane: Lane): boolean =>
  platform === 'darwin' && lane === 'slow' && MEASURED.has(name);

/** Seconds between two reads of a collector that are enough while nobody looks, where they are measurements of a program; 0 for all others. */
export const measuringPeriod = (host: Pick<Host, 'platform'>, name: CollectorName, lane: Lane): number =>
  isMeasuredByProgram(host, name, lane) ? UNWATCHED_MEASURING : 0;
