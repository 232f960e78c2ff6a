// The whole of /metrics against the whole of node_exporter on this machine. Ours is read between two scrapes of theirs.
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { COLLECTOR_NAMES } from '../packages/metrics/src/model/collector-names.ts';
import { withNodeExporter } from '../packages/metrics/src/linux/device-files/node-exporter.testing.ts';
import { run } from './cli.testing.ts';
import { untilItHolds, without } from './differential.testing.ts';

interface Scrape {
  readonly samples: ReadonlyMap<string, number>;
  /** Types by name. */
  readonly types: ReadonlyMap<string, string>;
}

/** Labels that newer versions of it have too; Debian's has not. */
const NEWER_LABELS = new Set(['rotational', 'adminstate']);

/** Samples by name and labels, in the order of the alphabet; empty labels are none. */
function parse(text: string): Scrape {
  const samples = new Map<string, number>();
  for (const [, name, inside = '', value] of text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/gm)) {
    const labels = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].filter(([, label, said]) => said !== '' && !NEWER_LABELS.has(label!));
    samples.set(
      `${name}{${labels
        .map(([label]) => label)
        .toSorted()
        .join(',')}}`,
      Number(value),
    );
  }
  return { samples, types: new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!])) };
}

const nameOf = (series: string): string => series.slice(0, series.indexOf('{'));

/** Collectors that ask another machine, wake something, or need a service. */
const NOT_ASKED = new Set(['ntp', 'perf', 'runit', 'supervisord', 'systemd', 'logind']);

/** Every collector that this version has. */
function collectorsOfTheirs(): string[] {
  const { stdout, stderr } = spawnSync('prometheus-node-exporter', ['--help'], { encoding: 'utf8' });
  const names = [...(stdout + stderr).matchAll(/^\s+--(?:\[no-\])?collector\.(\w+)\s/gm)].map(([, name]) => name!);
  return names.filter((name) => !NOT_ASKED.has(name));
}

/** Runs node_exporter with all that it has while `task` asks it. */
function withExporter<Result>(task: (scrape: () => Promise<Scrape>) => Promise<Result>): Promise<Result> {
  const flags = [...collectorsOfTheirs().map((name) => `--collector.${name}`), '--collector.cpu.info'];
  const options = ['--collector.cpu.info.flags-include=.*', '--collector.cpu.info.bugs-include=.*'];
  return withNodeExporter([...flags, ...options], (scrape) => task(async () => parse(await scrape())));
}

/** How it fared itself, and what Debian's version publishes beside the kernel's figures. */
const OF_ITSELF = /^(?:node_scrape_collector_|node_exporter_|node_textfile_|promhttp_|go_|process_)/;

/**
 * Names that only node_exporter has. What is expected here is known not to be read, and why:
 * link modes and pause frames, the route table of routers, security modules, the time zone.
 */
const ONLY_THEIRS =
  /^node_(?:network_(?:asymmetricpause|autonegotiate|pause)|network_speed_bytes|network_route|selinux|time_zone|processes_threads_state)/;

/** Devices that later versions leave out, as we do (their default pattern got `z?ram`). */
const LEFT_OUT = /^node_disk_.*device="zram\d+"/;

/** Gauges that a reader moves by running: its memory, its files, its threads, its sockets. */
const MOVED_BY_READING =
  /^node_(?:memory|zoneinfo|slabinfo|buddyinfo|filefd|sockstat|processes|procs|load|filesystem|entropy|tcp|arp|cgroups)/;

const isSame = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

/** Whether ours lies between what theirs said before and after; what moves by being read may lie near. */
function agrees(series: string, own: number, first: number, last: number): boolean {
  const [low, high] = [Math.min(first, last), Math.max(first, last)];
  if (isSame(own, low) || isSame(own, high) || (own >= low && own <= high)) return true;
  const slack = 0.15 * Math.max(Math.abs(own), high) + (series.includes('_bytes') || series.includes('memory_numa') ? 64 << 20 : 64);
  return MOVED_BY_READING.test(series) && own >= low - slack && own <= high + slack;
}

it.skipIf(without('prometheus-node-exporter', ['--version'], 'prometheus-node-exporter'))(
  'every name that node_exporter has too has the same labels and the same value',
  async () => {
    await withExporter(async (scrape) => {
      await untilItHolds(async () => {
        const before = await scrape();
        const { stdout } = await run(['snapshot', '--format', 'prometheus', '--only', COLLECTOR_NAMES.join(',')]);
        const after = await scrape();
        const ours = parse(stdout);
        const theirs = [...before.samples].filter(
          ([series]) => after.samples.has(series) && !OF_ITSELF.test(series) && !LEFT_OUT.test(series),
        );
        const shared = theirs.filter(([series]) => ours.types.has(nameOf(series)));

        const onlyTheirs = new Set(theirs.map(([series]) => nameOf(series)).filter((name) => !ours.types.has(name)));
        expect([...onlyTheirs].filter((name) => !ONLY_THEIRS.test(name))).toEqual([]);
        expect(shared.filter(([series]) => !ours.samples.has(series)).map(([series]) => series)).toEqual([]);
        const wrong = shared.flatMap(([series, first]) => {
          const [own, last] = [ours.samples.get(series)!, after.samples.get(series)!];
          return agrees(series, own, first, last) ? [] : [`${series}: ${own}, theirs ${first} to ${last}`];
        });
        expect(wrong).toEqual([]);
        const types = [...new Set(shared.map(([series]) => nameOf(series)))].filter(
          (name) => ours.types.get(name) !== before.types.get(name),
        );
        expect(types).toEqual([]);
        expect(shared.length).toBeGreaterThan(500);
      });
    });
  },
);
