import type { Host } from '@hecate/host';
import type { FrequencyClock } from '../../domain/frequency.ts';
import type { Sliced } from '../../model/collector.ts';
import { ByteCursor } from '../../model/cursor.ts';
import { parseCpuinfoList } from '../cpuinfo.ts';

/** The line of x86, which is the one that lives; PowerPC and s390 write what the processor is made for. */
const LINE = '\ncpu MHz';
const COLON = 58;

/** Reads the clocks in /proc/cpuinfo. */
export interface ClockReader {
  read(): Sliced<readonly FrequencyClock[]>;
  /** The CPUs are not the same any more. */
  forget(): void;
}

/** The whole file is parsed once; after that only its lines with clocks are looked for. Where it has none, it is left alone. */
export function createClockReader(host: Host): ClockReader {
  let known: readonly FrequencyClock[] | undefined;
  const cursor = new ByteCursor();

  function* readAll(): Sliced<readonly FrequencyClock[]> {
    const { entries } = yield* parseCpuinfoList(host.readText('/proc/cpuinfo'));
    return entries.flatMap(({ cpu, package: socket, core, frequency }) =>
      frequency === null ? [] : [{ cpu, package: socket, core, frequency }],
    );
  }

  /** The clocks of the same CPUs as before; undefined when there are not as many as there were. */
  function readAgain(before: readonly FrequencyClock[]): FrequencyClock[] | undefined {
    const bytes = host.read('/proc/cpuinfo');
    const clocks: FrequencyClock[] = [];
    cursor.reset(bytes);
    for (let at = bytes.buffer.indexOf(LINE); at >= 0 && at < bytes.length; at = bytes.buffer.indexOf(LINE, at + 1)) {
      const was = before[clocks.length];
      cursor.at = at + 1;
      const colon = cursor.find(COLON);
      if (!was || colon < 0) return undefined;
      cursor.at = colon + 1;
      // A CPU whose clock is unknown just now, or 0, has to be told apart by its whole entry.
      const megahertz = cursor.numberNext ? cursor.decimal() : 0;
      if (megahertz <= 0) return undefined;
      clocks.push({ ...was, frequency: Math.round(megahertz * 1e6) });
    }
    return clocks.length === before.length ? clocks : undefined;
  }

  return {
    *read() {
      if (known?.length === 0) return known;
      known = (known && readAgain(known)) ?? (yield* readAll());
      return known;
    },
    forget() {
      known = undefined;
    },
  };
}
