// Runs in each place of everywhere.test.ts, with the built packages: reads everything twice and says, as JSON, what is not a
// proper value anywhere, and what was open before and after.
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '@hecate/host';
import { collectorsOf, deriveRates, openSampler, readProcessDetail } from '@hecate/metrics';
import { improperGaps, wrongIn } from './everywhere-values.mjs';

/** What every descriptor is; the one that the list itself is read through is gone by then. */
const openDescriptors = () =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [`${name} ${readlinkSync(`/proc/self/fd/${name}`)}`];
    } catch {
      return [];
    }
  });

const host = openHost();
const names = collectorsOf(host.platform).map(({ name }) => name);
// What is opened once for the whole process stays open: the native library, what a mount is asked through.
const warm = openSampler(host, { only: names });
await warm.take(10);
warm.close();
const before = openDescriptors();
const sampler = openSampler(host, { only: names, slowPeriod: 0, rarePeriod: 0 });
const first = await sampler.take(10);
const second = await sampler.take(10);
const rates = deriveRates(first, second);
const wrong = [...wrongIn(second, 'snapshot', []), ...wrongIn({ ...rates, processes: null }, 'rates', [])];
const details = new Set([1, process.pid, process.ppid].filter((pid) => pid > 0));
for (const pid of details) wrongIn(readProcessDetail(host, pid), `detail of ${pid}`, wrong);
sampler.close();
const improper = improperGaps([...second.gaps, ...rates.gaps]);
// A connection to a server of the machine, the system bus for one, is closed by the event loop a moment later.
for (const end = performance.now() + 2000; openDescriptors().length > before.length && performance.now() < end;) await sleep(10);
process.stdout.write(JSON.stringify({ wrong, improper, before, after: openDescriptors() }));
