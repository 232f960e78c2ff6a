import { HecateError } from '@hecate/host';
import { smartVerdict } from '../../domain/smart.ts';
import type { NvmeHealth, ScsiErrors, ScsiHealth, SmartAttribute, SmartReading, SmartStatistic } from '../../domain/smart.ts';
import { answer } from './json.ts';
import type { Answer } from './json.ts';

/**
 * What smartctl answered about one disk.
 * - `reading`: what the disk said
 * - `asleep`: it sleeps and was left alone
 * - `unknown`: smartctl does not know how to speak to it, and may with another type (a USB bridge)
 * - `refused`: it could not be opened or asked; `reason` is that of the gap
 */
export type SmartctlAnswer =
  | { readonly kind: 'reading'; readonly reading: SmartReading }
  | { readonly kind: 'asleep' }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'refused'; readonly reason: 'permission' | 'absent' | 'unsupported' | 'timeout' | 'error'; readonly detail: string };

/** Bits of the exit status with which there is nothing to read: a wrong command line, a disk that did not open. */
const NOTHING_READ = 0b11;

/** Flags of attributes and of statistics, in smartctl's order. */
const ATTRIBUTE_FLAGS = ['prefailure', 'updated_online', 'performance', 'error_rate', 'event_count', 'auto_keep'];
const STATISTIC_FLAGS = ['valid', 'normalized', 'supports_dsn', 'monitored_condition_met'];

const flagNames = (flags: Answer, names: readonly string[]): string => names.filter((name) => flags.flag(name) === true).join(',');

function toAttribute(row: Answer): SmartAttribute[] {
  const id = row.number('id');
  const failed = row.text('when_failed');
  if (id === null) return [];
  return [
    {
      id,
      name: row.text('name') ?? `Attribute_${id}`,
      value: row.number('value'),
      worst: row.number('worst'),
      threshold: row.number('thresh'),
      raw: row.number('raw.value'),
      text: row.text('raw.string'),
      failed: failed === 'now' || failed === 'past' ? failed : null,
      prefailure: row.flag('flags.prefailure') ?? false,
      flags: row.text('flags.string') ?? '',
      flagNames: flagNames(row.at('flags'), ATTRIBUTE_FLAGS),
    },
  ];
}

/** Statistics of the makers have names that are not unique; smartctl_exporter leaves them out too. */
function toStatistics(root: Answer): SmartStatistic[] {
  const pages = root.list('ata_device_statistics.pages').filter((page) => page.text('name') !== 'Vendor Specific Statistics');
  return pages.flatMap((page) =>
    page.list('table').flatMap((row): SmartStatistic[] => {
      const name = row.text('name');
      const value = row.number('value');
      if (name === null || value === null) return [];
      const flags = row.text('flags.string') ?? '';
      return [{ table: page.text('name') ?? '', name, value, flags, flagNames: flagNames(row.at('flags'), STATISTIC_FLAGS) }];
    }),
  );
}

const share = (value: number | null): number | null => (value === null ? null : value / 100);
const times = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
/** A counter for which zero means that it is not kept. */
const kept = (value: number | null): number | null => value || null;

function toNvme(log: Answer): NvmeHealth | null {
  if (!log.exists) return null;
  return {
    spare: share(log.number('available_spare')),
    spareThreshold: share(log.number('available_spare_threshold')),
    used: share(log.number('percentage_used')),
    criticalWarning: log.number('critical_warning'),
    mediaErrors: log.number('media_errors'),
    errorLogEntries: log.number('num_err_log_entries'),
    unsafeShutdowns: log.number('unsafe_shutdowns'),
    busyTime: times(log.number('controller_busy_time'), 60),
    warningTemperatureTime: times(log.number('warning_temp_time'), 60),
    criticalTemperatureTime: times(log.number('critical_comp_time'), 60),
  };
}

function toScsiErrors(log: Answer): ScsiErrors | null {
  if (!log.exists) return null;
  return {
    correctedFast: log.number('errors_corrected_by_eccfast'),
    correctedDelayed: log.number('errors_corrected_by_eccdelayed'),
    correctedByRetry: log.number('errors_corrected_by_rereads_rewrites'),
    uncorrected: log.number('total_uncorrected_errors'),
  };
}

function toScsi(root: Answer): ScsiHealth | null {
  const grownDefects = root.number('scsi_grown_defect_list');
  const read = toScsiErrors(root.at('scsi_error_counter_log.read'));
  const write = toScsiErrors(root.at('scsi_error_counter_log.write'));
  return grownDefects === null && read === null && write === null ? null : { grownDefects, read, write };
}

/** Bytes over the life of a disk: NVMe counts thousands of 512 bytes, SCSI gigabytes, and ATA sectors in its statistics. */
function lifeBytes(root: Answer, direction: 'read' | 'write', statistics: readonly SmartStatistic[]): number | null {
  const past = direction === 'read' ? 'read' : 'written';
  const units = kept(root.number(`nvme_smart_health_information_log.data_units_${past}`));
  const gigabytes = root.text(`scsi_error_counter_log.${direction}.gigabytes_processed`);
  const sectors = statistics.find(({ name }) => name === `Logical Sectors ${direction === 'read' ? 'Read' : 'Written'}`)?.value ?? null;
  if (units !== null) return units * 512_000;
  if (gigabytes !== null && /^\d{1,12}(?:\.\d{1,6})?$/.test(gigabytes)) return Number(gigabytes) * 1e9;
  return times(sectors, root.number('logical_block_size') ?? 512);
}

function powerOnTime(root: Answer): number | null {
  const hours = root.number('power_on_time.hours');
  return hours === null ? null : hours * 3600 + (root.number('power_on_time.minutes') ?? 0) * 60;
}

function sum(parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((total, part) => total + part, 0);
}

/** Bytes per second of a link. */
function linkSpeed(root: Answer, which: 'current' | 'max'): number | null {
  const units = root.number(`interface_speed.${which}.units_per_second`);
  return times(units, (root.number(`interface_speed.${which}.bits_per_unit`) ?? 0) / 8) || null;
}

function toReading(device: string, root: Answer, status: number, readAt: number): SmartReading {
  const statistics = toStatistics(root);
  const nvme = toNvme(root.at('nvme_smart_health_information_log'));
  const worn = statistics.find(({ name }) => name === 'Percentage Used Endurance Indicator')?.value ?? null;
  const disk = {
    device,
    readAt,
    asleep: false,
    type: root.text('device.type') ?? 'unknown',
    protocol: root.text('device.protocol') ?? 'unknown',
    model: root.text('model_name') ?? root.text('scsi_model_name'),
    family: root.text('model_family'),
    serial: root.text('serial_number'),
    firmware: root.text('firmware_version') ?? root.text('scsi_revision'),
    ataVersion: root.text('ata_version.string'),
    sataVersion: root.text('sata_version.string'),
    formFactor: root.text('form_factor.name'),
    additionalProduct: root.text('ata_additional_product_id'),
    scsiVendor: root.text('scsi_vendor'),
    scsiProduct: root.text('scsi_product'),
    scsiRevision: root.text('scsi_revision'),
    scsiVersion: root.text('scsi_version'),
    capacity: root.number('user_capacity.bytes') ?? root.number('nvme_total_capacity'),
    blocks: root.number('user_capacity.blocks'),
    logicalBlock: root.number('logical_block_size'),
    physicalBlock: root.number('physical_block_size'),
    rotationRate: root.number('rotation_rate'),
    linkSpeedMaximum: linkSpeed(root, 'max'),
    linkSpeed: linkSpeed(root, 'current'),
    passed: root.flag('smart_status.passed'),
    status,
    temperature: root.number('temperature.current'),
    temperatureLimit: root.number('temperature.drive_trip'),
    powerOnTime: powerOnTime(root),
    powerCycles: root.number('power_cycle_count') ?? root.number('scsi_start_stop_cycle_counter.accumulated_start_stop_cycles'),
    readBytes: lifeBytes(root, 'read', statistics),
    writtenBytes: lifeBytes(root, 'write', statistics),
    lifeUsed:
      nvme?.used ?? share(root.number('endurance_used.current_percent') ?? root.number('scsi_percentage_used_endurance_indicator') ?? worn),
    loggedErrors: sum(root.entries('ata_smart_error_log').map(([, log]) => log.number('count'))) ?? nvme?.errorLogEntries ?? null,
    failedSelfTests: sum(root.entries('ata_smart_self_test_log').map(([, log]) => log.number('error_count_total'))),
    attributes: root.list('ata_smart_attributes.table').flatMap(toAttribute),
    statistics,
    nvme,
    scsi: toScsi(root),
  };
  return { ...disk, ...smartVerdict(disk) };
}

/** The JSON in what smartctl wrote: versions before 7.3 put stray text before it. Throws FAILED when there is none. */
function parseOutput(output: string): Answer {
  try {
    return answer(JSON.parse(output.slice(Math.max(0, output.indexOf('{')))));
  } catch (error) {
    throw new HecateError('FAILED', 'smartctl did not answer in JSON.', { hint: 'Version 7.0 or later is needed.', cause: error });
  }
}

/**
 * What `smartctl --json` said about a disk (smartmontools: smartctl(8), and its JSON schema of version 1.0).
 * `status` is its exit status. Throws FAILED when it is not JSON.
 */
export function parseSmartctl(device: string, output: string, status: number, readAt: number): SmartctlAnswer {
  const root = parseOutput(output);
  const messages = root.list('smartctl.messages').flatMap((message) => message.text('string') ?? []);
  const said = messages.join(' ');
  const mode = root.text('power_mode.name') ?? '';
  if ((status & 0b10) !== 0 && /\b(?:STANDBY|SLEEP)/.test(`${said} ${mode}`)) return { kind: 'asleep' };
  if (/Unknown USB bridge|Unable to detect device type|specify device type/i.test(said)) return { kind: 'unknown', detail: said };
  if ((status & NOTHING_READ) === 0 && root.at('device').exists) {
    return { kind: 'reading', reading: toReading(device, root, status, readAt) };
  }
  const detail = said || `smartctl ended with status ${status}.`;
  if (/Permission denied|Operation not permitted/i.test(said)) return { kind: 'refused', reason: 'permission', detail };
  if (/No such (?:file or directory|device)/i.test(said)) return { kind: 'refused', reason: 'absent', detail };
  if (/INQUIRY failed|Inappropriate ioctl|not supported|IDENTIFY DEVICE/i.test(said))
    return { kind: 'refused', reason: 'unsupported', detail };
  return { kind: 'refused', reason: 'error', detail };
}
