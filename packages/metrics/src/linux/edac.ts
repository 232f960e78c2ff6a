import type { Host } from '@hecate/host';
import { edacGroups } from '../domain/edac.ts';
import type { EdacChannel, EdacModule, EdacReading, EdacRow } from '../domain/edac.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';

/** Where the kernel lists memory controllers that check their memory. */
const CONTROLLERS = '/sys/devices/system/edac/mc';

const MEBIBYTE = 1024 ** 2;

/** What of a controller stays the same while it is there. */
interface Controller {
  readonly number: string;
  readonly path: string;
  readonly name: string | null;
  readonly size: number | null;
  readonly rows: readonly {
    readonly row: string;
    readonly path: string;
    readonly channels: readonly Pick<EdacChannel, 'channel' | 'label'>[];
  }[];
  readonly modules: readonly (Omit<EdacModule, 'correctable' | 'uncorrectable'> & { readonly path: string })[];
}

const bytes = (mebibytes: number | null): number | null => (mebibytes === null ? null : mebibytes * MEBIBYTE);

function describeController(host: Host, directory: string, gaps: GapSink): Controller {
  const path = `${CONTROLLERS}/${directory}`;
  const field = `edac.${directory}`;
  const file = attributesOf(host, path, field, gaps);
  return {
    number: directory.slice('mc'.length),
    path,
    name: file.text('mc_name'),
    size: bytes(file.number('size_mb')),
    rows: listMatching(host, path, /^csrow\d{1,4}$/).map((row) => ({
      row: row.slice('csrow'.length),
      path: `${path}/${row}`,
      channels: listMatching(host, `${path}/${row}`, /^ch\d{1,4}_ce_count$/).map((count) => {
        const channel = count.slice('ch'.length, -'_ce_count'.length);
        return { channel, label: attributesOf(host, `${path}/${row}`, `${field}.${row}`, gaps).text(`ch${channel}_dimm_label`) };
      }),
    })),
    modules: listMatching(host, path, /^(?:dimm|rank)\d{1,4}$/).map((module) => {
      const own = attributesOf(host, `${path}/${module}`, `${field}.${module}`, gaps);
      return {
        module,
        path: `${path}/${module}`,
        label: own.text('dimm_label') || null,
        location: own.text('dimm_location') || null,
        type: own.text('dimm_mem_type') || null,
        size: bytes(own.number('size')),
      };
    }),
  };
}

function* readController(host: Host, controller: Controller, gaps: GapSink): Sliced<EdacReading> {
  const { number, path, name, size } = controller;
  const filesOf = (directory: string): ReturnType<typeof attributesOf> => attributesOf(host, directory, `edac.mc${number}`, gaps);
  const file = filesOf(path);
  const rows: EdacRow[] = [];
  for (const row of controller.rows) {
    const own = filesOf(row.path);
    rows.push({
      row: row.row,
      correctable: own.number('ce_count'),
      uncorrectable: own.number('ue_count'),
      channels: row.channels.map(({ channel, label }) => ({
        channel,
        label,
        correctable: own.number(`ch${channel}_ce_count`),
        uncorrectable: own.number(`ch${channel}_ue_count`),
      })),
    });
    yield;
  }
  const modules: EdacModule[] = [];
  for (const { path: directory, ...module } of controller.modules) {
    const own = filesOf(directory);
    modules.push({ ...module, correctable: own.number('dimm_ce_count'), uncorrectable: own.number('dimm_ue_count') });
    yield;
  }
  return {
    controller: number,
    name,
    size,
    sinceReset: file.number('seconds_since_reset'),
    correctable: file.number('ce_count'),
    uncorrectable: file.number('ue_count'),
    unplacedCorrectable: file.number('ce_noinfo_count'),
    unplacedUncorrectable: file.number('ue_noinfo_count'),
    rows,
    modules,
  };
}

/** Errors of memory that checks itself (ECC). A machine without has no controllers here. */
export const edac: Collector<'edac', readonly EdacReading[]> = {
  name: 'edac',
  lane: 'slow',
  sources: [CONTROLLERS],
  remedy: 'Mount /sys; the driver of the memory controller must be loaded.',
  groups: edacGroups,
  open(host) {
    let listed = '';
    let controllers: readonly Controller[] = [];
    return {
      *read(gaps) {
        const names = listMatching(host, CONTROLLERS, /^mc\d{1,4}$/);
        if (names.join() !== listed) {
          controllers = names.map((name) => describeController(host, name, gaps));
          listed = names.join();
        }
        const readings: EdacReading[] = [];
        for (const controller of controllers) readings.push(yield* readController(host, controller, gaps));
        return readings;
      },
      close: () => {},
    };
  },
};
