/** Answers as smartctl 7 writes them (smartctl(8), `--json`, schema 1.0), made for tests: no real disk said this. */
const envelope = (status: number, messages: readonly string[] = []): Record<string, unknown> => ({
  json_format_version: [1, 0],
  smartctl: {
    version: [7, 3],
    exit_status: status,
    ...(messages.length > 0 ? { messages: messages.map((string) => ({ string, severity: 'error' })) } : {}),
  },
  local_time: { time_t: 1_700_000_000 },
});
const device = (type: string, protocol: string): Record<string, unknown> => ({
  device: { name: '/dev/sda', info_name: '/dev/sda', type, protocol },
});

/** A row of the attributes of an ATA disk. */
export function ataAttribute(id: number, name: string, raw: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    name,
    value: 100,
    worst: 100,
    thresh: 10,
    when_failed: '',
    flags: { value: 51, string: 'PO--CK ', prefailure: true, updated_online: true, event_count: true, auto_keep: true, performance: false },
    raw: { value: raw, string: String(raw) },
    ...more,
  };
}

/** A hard disk, with these attributes. */
export function ataDisk(attributes: readonly unknown[] = [], more: Record<string, unknown> = {}, status = 0): string {
  return JSON.stringify({
    ...envelope(status),
    ...device('sat', 'ATA'),
    model_family: 'Example Disks',
    model_name: 'EXAMPLE 4000',
    serial_number: 'S1 ',
    firmware_version: 'F1',
    user_capacity: { blocks: 7_814_037_168, bytes: 4_000_787_030_016 },
    logical_block_size: 512,
    physical_block_size: 4096,
    rotation_rate: 5400,
    form_factor: { ata_value: 2, name: '3.5 inches' },
    ata_version: { string: 'ACS-3 T13/2161-D revision 5' },
    sata_version: { string: 'SATA 3.1' },
    interface_speed: {
      max: { units_per_second: 60, bits_per_unit: 100_000_000 },
      current: { units_per_second: 30, bits_per_unit: 100_000_000 },
    },
    smart_status: { passed: true },
    temperature: { current: 34 },
    power_on_time: { hours: 10, minutes: 30 },
    power_cycle_count: 12,
    ata_smart_error_log: { summary: { revision: 1, count: 2 } },
    ata_smart_self_test_log: { standard: { revision: 1, count: 3, error_count_total: 0 } },
    ata_smart_attributes: { revision: 16, table: attributes },
    ...more,
  });
}

/** Statistics of a solid state disk. */
export const ATA_STATISTICS: Record<string, unknown> = {
  rotation_rate: 0,
  ata_device_statistics: {
    pages: [
      {
        number: 1,
        name: 'General Statistics',
        table: [
          { offset: 24, name: 'Logical Sectors Written', size: 6, value: 1000, flags: { string: 'V---', valid: true } },
          { offset: 40, name: 'Logical Sectors Read', size: 6, value: 3000, flags: { string: 'V---', valid: true } },
          { offset: 48, name: 'Not valid', size: 6, flags: { string: '----', valid: false } },
        ],
      },
      {
        number: 7,
        name: 'Solid State Device Statistics',
        table: [{ name: 'Percentage Used Endurance Indicator', value: 93, flags: { string: 'VN--', valid: true, normalized: true } }],
      },
      { number: 255, name: 'Vendor Specific Statistics', table: [{ name: 'Vendor Specific', value: 1 }] },
    ],
  },
};

/** An NVMe drive, with this in its health log. */
export function nvmeDrive(log: Record<string, unknown> = {}, status = 0): string {
  return JSON.stringify({
    ...envelope(status),
    ...device('nvme', 'NVMe'),
    model_name: 'EXAMPLE NVMe',
    serial_number: 'N1',
    firmware_version: 'NF1',
    nvme_total_capacity: 1_000_204_886_016,
    smart_status: { passed: true, nvme: { value: 0 } },
    nvme_smart_health_information_log: {
      critical_warning: 0,
      temperature: 40,
      available_spare: 100,
      available_spare_threshold: 10,
      percentage_used: 7,
      data_units_read: 2000,
      data_units_written: 1000,
      controller_busy_time: 5,
      power_cycles: 9,
      power_on_hours: 100,
      unsafe_shutdowns: 4,
      media_errors: 0,
      num_err_log_entries: 6,
      warning_temp_time: 1,
      critical_comp_time: 0,
      ...log,
    },
    temperature: { current: 40 },
    power_cycle_count: 9,
    power_on_time: { hours: 100 },
  });
}

/** A SAS disk, with these errors that could not be corrected while it read. */
export function scsiDisk(uncorrected = 0, grown = 0): string {
  const errors = (count: number, gigabytes: string): Record<string, unknown> => ({
    errors_corrected_by_eccfast: 11,
    errors_corrected_by_eccdelayed: 12,
    errors_corrected_by_rereads_rewrites: 13,
    total_uncorrected_errors: count,
    gigabytes_processed: gigabytes,
  });
  return JSON.stringify({
    ...envelope(0),
    ...device('scsi', 'SCSI'),
    scsi_vendor: 'EXAMPLE',
    scsi_product: 'SAS1',
    scsi_model_name: 'EXAMPLE SAS1',
    scsi_revision: 'R1',
    scsi_version: 'SPC-4',
    serial_number: 'C1',
    smart_status: { passed: true },
    temperature: { current: 30, drive_trip: 65 },
    power_on_time: { hours: 2 },
    scsi_start_stop_cycle_counter: { accumulated_start_stop_cycles: 21 },
    scsi_grown_defect_list: grown,
    scsi_error_counter_log: { read: errors(uncorrected, '1.500'), write: errors(0, '2.000') },
  });
}

/** An answer without a disk: why. */
export function refusal(status: number, ...messages: readonly string[]): string {
  return JSON.stringify(envelope(status, messages));
}

/** A disk that sleeps: exit status 2, and a message that is no error. */
export const STANDBY: string = JSON.stringify({
  json_format_version: [1, 0],
  smartctl: { exit_status: 2, messages: [{ string: 'Device is in STANDBY mode, exit(2)', severity: 'information' }] },
  ...device('sat', 'ATA'),
});
