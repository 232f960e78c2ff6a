import { group } from '../model/field.ts';
import type { Field, Group, OtelMetric } from '../model/field.ts';
import type { NvmeHealth, ScsiErrors, ScsiHealth, SmartAttribute, SmartReading, SmartStatistic } from './smart.ts';

const SILENT = 'the disk does not say';

/** A number of a row. Names without `_total` are those of smartctl_exporter, and its counters are untyped here. */
const number = <Row>(
  key: keyof Row & string,
  kind: 'counter' | 'gauge',
  unit: Field<Row>['unit'],
  help: string,
  name: string,
  more: { readonly value?: (row: Row) => number | null; readonly otel?: OtelMetric; readonly labels?: Record<string, string> } = {},
): Field<Row> => ({
  key,
  kind,
  unit,
  help,
  nullWhen: SILENT,
  prometheus: {
    name,
    ...(kind === 'counter' && !name.endsWith('_total') ? { untyped: true as const } : {}),
    ...(more.value ? { value: more.value } : {}),
    ...(more.labels ? { labels: more.labels } : {}),
  },
  ...(more.otel ? { otel: more.otel } : {}),
});
const text = (key: keyof SmartReading & string, help: string): Field<SmartReading> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen: SILENT,
});
/** smartctl_exporter says shares in percent. */
const percent = (share: number | null): number | null => (share === null ? null : Math.round(share * 1e6) / 1e4);
const bits = (bytes: number | null): number | null => (bytes === null ? null : bytes * 8);

type Of<Part> = Part & { readonly device: string };
const parts =
  <Part extends object>(pick: (row: SmartReading) => readonly (Part | null)[]) =>
  (reading: readonly SmartReading[]): Of<Part>[] =>
    reading.flatMap((row) => pick(row).flatMap((part) => (part ? [{ ...part, device: row.device }] : [])));

/** Identity as smartctl_exporter's labels have it: what is not known of two of them is `unknown`. */
type IdentityRow = SmartReading & { readonly familyLabel: string; readonly modelLabel: string; readonly productLabel: string };
const identities = (reading: readonly SmartReading[]): IdentityRow[] =>
  reading.map((row) => ({
    ...row,
    familyLabel: row.family ?? 'unknown',
    modelLabel: row.model ?? 'unknown',
    productLabel: row.additionalProduct ?? 'unknown',
  }));

const attribute = (key: 'value' | 'worst' | 'threshold' | 'raw', type: string, help: string): Field<Of<SmartAttribute>> => ({
  key,
  kind: 'gauge',
  unit: 'none',
  help,
  nullWhen: SILENT,
  prometheus: { name: 'smartctl_device_attribute', labels: { attribute_value_type: type }, help: 'Attributes of ATA disks.' },
});
const scsiErrors = (direction: 'read' | 'write'): Field<Of<ScsiErrors>>[] => [
  number('correctedFast', 'gauge', 'count', 'Errors corrected at once.', `smartctl_${direction}_errors_corrected_by_eccfast`),
  number('correctedDelayed', 'gauge', 'count', 'Errors corrected with delay.', `smartctl_${direction}_errors_corrected_by_eccdelayed`),
  number(
    'correctedByRetry',
    'gauge',
    'count',
    'Errors corrected by another try.',
    `smartctl_${direction}_errors_corrected_by_rereads_rewrites`,
  ),
  number('uncorrected', 'gauge', 'count', 'Errors that could not be corrected.', `smartctl_${direction}_total_uncorrected_errors`),
];
const SOURCE = 'smartctl --json';

/** Fields of the `smart` collector, under the names of smartctl_exporter 0.14. */
export const smartGroups = (): readonly Group<readonly SmartReading[]>[] => [
  group<readonly SmartReading[], IdentityRow>({
    name: 'smart',
    json: 'smart[]',
    source: SOURCE,
    rows: identities,
    labels: { device: 'device' },
    fields: [
      {
        ...text('model', 'Model name.'),
        prometheus: {
          name: 'smartctl_device',
          help: 'What each disk is.',
          value: () => 1,
          properties: {
            interface: 'type',
            protocol: 'protocol',
            model_family: 'familyLabel',
            model_name: 'modelLabel',
            serial_number: 'serial',
            ata_additional_product_id: 'productLabel',
            firmware_version: 'firmware',
            ata_version: 'ataVersion',
            sata_version: 'sataVersion',
            form_factor: 'formFactor',
            scsi_vendor: 'scsiVendor',
            scsi_product: 'scsiProduct',
            scsi_revision: 'scsiRevision',
            scsi_version: 'scsiVersion',
          },
        },
      },
      text('family', 'Model family, where the database of smartmontools has it.'),
      text('serial', 'Serial number.'),
      text('firmware', 'Revision of the firmware.'),
      text('protocol', 'ATA, NVMe or SCSI.'),
      number('capacity', 'gauge', 'bytes', 'Capacity of the disk.', 'smartctl_device_capacity_bytes'),
      number('blocks', 'gauge', 'count', 'Capacity in logical blocks.', 'smartctl_device_capacity_blocks'),
      number('logicalBlock', 'gauge', 'bytes', 'Size of a logical block.', 'smartctl_device_block_size', {
        labels: { blocks_type: 'logical' },
      }),
      number('physicalBlock', 'gauge', 'bytes', 'Size of a physical block.', 'smartctl_device_block_size', {
        labels: { blocks_type: 'physical' },
      }),
      number('rotationRate', 'gauge', 'rpm', 'Rotations per minute; 0 for solid state.', 'smartctl_device_rotation_rate', {
        value: (row) => row.rotationRate || null,
      }),
      number('linkSpeed', 'gauge', 'bytes/second', 'Speed of the link.', 'smartctl_device_interface_speed', {
        value: (row) => bits(row.linkSpeed),
        labels: { speed_type: 'current' },
      }),
      number('linkSpeedMaximum', 'gauge', 'bytes/second', 'Speed that the link could have.', 'smartctl_device_interface_speed', {
        value: (row) => bits(row.linkSpeedMaximum),
        labels: { speed_type: 'max' },
      }),
      number('passed', 'gauge', 'none', 'Whether the disk says that it is well.', 'smartctl_device_smart_status', {
        value: (row) => (row.passed === null ? null : Number(row.passed)),
        otel: { name: 'hw.status' },
      }),
      {
        key: 'status',
        kind: 'gauge',
        unit: 'none',
        help: 'Exit status of smartctl, in bits.',
        prometheus: { name: 'smartctl_device_smartctl_exit_status' },
      },
      number('temperature', 'gauge', 'celsius', 'Temperature of the disk.', 'smartctl_device_temperature', {
        labels: { temperature_type: 'current' },
        otel: { name: 'hw.temperature', attributes: { 'hw.type': 'physical_disk' } },
      }),
      number('temperatureLimit', 'gauge', 'celsius', 'Temperature at which the disk turns itself off.', 'smartctl_device_temperature', {
        labels: { temperature_type: 'drive_trip' },
      }),
      number('powerOnTime', 'counter', 'seconds', 'Time that the disk was on.', 'smartctl_device_power_on_seconds'),
      number('powerCycles', 'counter', 'count', 'Times that the disk was turned on.', 'smartctl_device_power_cycle_count'),
      number('readBytes', 'counter', 'bytes', 'Bytes read over the life of the disk.', 'smartctl_device_bytes_read'),
      number('writtenBytes', 'counter', 'bytes', 'Bytes written over the life of the disk.', 'smartctl_device_bytes_written'),
      number('lifeUsed', 'gauge', 'ratio', 'Share of the rated life of solid state that is used.', 'hecate_smart_life_used_ratio', {
        otel: { name: 'hw.physical_disk.endurance_utilization', attributes: { state: 'used' } },
      }),
      number('loggedErrors', 'counter', 'count', 'Errors in the log of the disk.', 'smartctl_device_error_log_count', {
        labels: { error_log_type: 'summary' },
        value: (row) => (row.nvme ? null : row.loggedErrors),
      }),
      number('failedSelfTests', 'counter', 'count', 'Self-tests that found errors.', 'smartctl_device_self_test_log_error_count', {
        labels: { self_test_log_type: 'standard' },
      }),
      {
        key: 'asleep',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether the disk slept and was not asked: its numbers are older.',
        prometheus: { name: 'hecate_smart_asleep' },
      },
      {
        key: 'readAt',
        kind: 'gauge',
        unit: 'seconds',
        help: 'Time at which the disk said this, since the epoch.',
        prometheus: { name: 'hecate_smart_read_timestamp_seconds' },
      },
      {
        key: 'health',
        kind: 'info',
        unit: 'none',
        help: 'Our own judgement, beyond what the disk says of itself: good, warning, failing or unknown.',
        prometheus: { name: 'hecate_smart_health_info', properties: { health: 'health' } },
      },
      { key: 'reasons', kind: 'info', unit: 'none', help: 'Why we judge so, one sentence each.' },
    ],
  }),
  group<readonly SmartReading[], Of<SmartAttribute>>({
    name: 'smart.attributes',
    json: 'smart[].attributes[]',
    source: SOURCE,
    rows: parts((row) => row.attributes),
    labels: {
      device: 'device',
      attribute_name: 'name',
      attribute_flags_short: 'flags',
      attribute_flags_long: 'flagNames',
      attribute_id: 'id',
    },
    fields: [
      attribute('value', 'value', 'Normalised value: higher is better.'),
      attribute('worst', 'worst', 'Lowest value that it ever had.'),
      attribute('threshold', 'thresh', 'Value at which it counts as failed.'),
      attribute('raw', 'raw', 'Raw value: what it means is for its maker to say.'),
      { key: 'failed', kind: 'info', unit: 'none', help: 'Whether it fails now or failed in the past.', nullWhen: 'it never failed' },
    ],
  }),
  group<readonly SmartReading[], Of<SmartStatistic>>({
    name: 'smart.statistics',
    json: 'smart[].statistics[]',
    source: SOURCE,
    rows: parts((row) => row.statistics),
    labels: {
      device: 'device',
      statistic_table: 'table',
      statistic_name: 'name',
      statistic_flags_short: 'flags',
      statistic_flags_long: 'flagNames',
    },
    fields: [
      {
        key: 'value',
        kind: 'gauge',
        unit: 'none',
        help: 'A number of the device statistics of an ATA disk.',
        prometheus: { name: 'smartctl_device_statistics' },
      },
    ],
  }),
  group<readonly SmartReading[], Of<NvmeHealth>>({
    name: 'smart.nvme',
    json: 'smart[].nvme',
    source: SOURCE,
    rows: parts((row) => [row.nvme]),
    labels: { device: 'device' },
    fields: [
      number('spare', 'gauge', 'ratio', 'Reserve that is left.', 'smartctl_device_available_spare', { value: (row) => percent(row.spare) }),
      number('spareThreshold', 'gauge', 'ratio', 'What the reserve must not fall below.', 'smartctl_device_available_spare_threshold', {
        value: (row) => percent(row.spareThreshold),
      }),
      number('used', 'gauge', 'ratio', 'Share of its rated life that is used.', 'smartctl_device_percentage_used', {
        value: (row) => percent(row.used),
      }),
      number('criticalWarning', 'gauge', 'none', 'Bits of trouble.', 'smartctl_device_critical_warning'),
      number('mediaErrors', 'counter', 'count', 'Errors of the medium that could not be corrected.', 'smartctl_device_media_errors'),
      number('errorLogEntries', 'counter', 'count', 'Entries of its error log.', 'smartctl_device_num_err_log_entries'),
      number('unsafeShutdowns', 'counter', 'count', 'Times that it lost power unprepared.', 'hecate_smart_unsafe_shutdowns_total'),
      number('busyTime', 'counter', 'seconds', 'Time that it worked.', 'hecate_smart_busy_seconds_total'),
      number(
        'warningTemperatureTime',
        'counter',
        'seconds',
        'Time above the warning temperature.',
        'hecate_smart_warning_temperature_seconds_total',
      ),
      number(
        'criticalTemperatureTime',
        'counter',
        'seconds',
        'Time above the critical temperature.',
        'hecate_smart_critical_temperature_seconds_total',
      ),
    ],
  }),
  group<readonly SmartReading[], Of<ScsiHealth>>({
    name: 'smart.scsi',
    json: 'smart[].scsi',
    source: SOURCE,
    rows: parts((row) => [row.scsi]),
    labels: { device: 'device' },
    fields: [number('grownDefects', 'gauge', 'count', 'Defects found since the disk was made.', 'smartctl_scsi_grown_defect_list')],
  }),
  ...(['read', 'write'] as const).map((direction) =>
    group<readonly SmartReading[], Of<ScsiErrors>>({
      name: `smart.scsi.${direction}`,
      json: `smart[].scsi.${direction}`,
      source: SOURCE,
      rows: parts((row) => [row.scsi?.[direction] ?? null]),
      labels: { device: 'device' },
      fields: scsiErrors(direction),
    }),
  ),
];
