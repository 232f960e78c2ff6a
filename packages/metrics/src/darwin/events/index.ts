import type { Host } from '@hecate/host';
import type { EventKind } from '../../events/event.ts';
import type { EventSource } from '../../events/event-source.ts';
import { openSources } from '../../events/open-sources.ts';
import type { EventSink, OpenSources } from '../../events/open-sources.ts';
import type { WatchPlan } from '../../events/watch-plan.ts';
import { openDarwin } from '../binding/darwin.ts';
import { requireKnownVersion } from '../version.ts';
import { clock } from './clock.ts';
import { memoryPressure } from './memory-pressure.ts';
import { mount } from './mount.ts';
import { network } from './network.ts';
import { powerSource } from './power-source.ts';
import { processExit } from './process-exit.ts';
import { thermalPressure } from './thermal-pressure.ts';
import { openDarwinWaiter } from './waiter.ts';

/** Every source of events of macOS. */
const SOURCES: readonly EventSource[] = [network, mount, memoryPressure, processExit, powerSource, thermalPressure, clock];

/** Kinds that macOS tells nobody of, or not without being asked in a way that hecate does not ask. */
const LACKING: Partial<Readonly<Record<EventKind, string>>> = {
  pressure: 'macOS does not count how long tasks wait. Watch memory-pressure, which has levels.',
  'oom-kill': 'macOS tells nobody which processes it ended for want of memory. Watch memory-pressure.',
  process: 'macOS tells of every process only who has an entitlement of Apple. Name the processes that are meant.',
  device: 'macOS tells of devices through a run loop or a Mach port, and hecate has neither. Watch mount for disks and link for adapters.',
};

/**
 * Opens the sources of a plan. Throws UNAVAILABLE where native calls are not to be had, UNSUPPORTED on a macOS older than 12 and where
 * the libraries of macOS are missing.
 */
export function openDarwinSources(host: Host, plan: WatchPlan, sink: EventSink): OpenSources {
  const openWaiter = (): ReturnType<typeof openDarwinWaiter> => {
    const darwin = openDarwin(host);
    requireKnownVersion(darwin);
    return openDarwinWaiter(darwin.libraries);
  };
  return openSources({ sources: SOURCES, lacking: LACKING, openWaiter }, host, plan, sink);
}
