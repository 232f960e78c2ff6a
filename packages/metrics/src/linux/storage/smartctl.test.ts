import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SmartReading } from '../../domain/smart.ts';
import { smartGroups } from '../../domain/smart-series.ts';
import { samplesOf } from './reading.testing.ts';
import { ATA_STATISTICS, ataAttribute, ataDisk, nvmeDrive, refusal, scsiDisk, STANDBY } from './smartctl-answers.testing.ts';
import { parseSmartctl } from './smartctl.ts';

function readingOf(output: string, status = 0): SmartReading {
  const answer = parseSmartctl('sda', output, status, 1000);
  if (answer.kind !== 'reading') throw new Error(`It is ${answer.kind}.`);
  return answer.reading;
}
const series = (reading: SmartReading, name: string): string[] =>
  samplesOf(smartGroups(), [reading], name).map((line) => line.replace('device=sda ', ''));

test('an ATA disk', () => {
  const disk = readingOf(ataDisk([ataAttribute(194, 'Temperature_Celsius', 34, { raw: { value: 1, string: '34 (Min/Max 20/45)' } })]));
  expect(disk).toMatchObject({
    device: 'sda',
    readAt: 1000,
    asleep: false,
    protocol: 'ATA',
    model: 'EXAMPLE 4000',
    family: 'Example Disks',
    serial: 'S1',
    capacity: 4_000_787_030_016,
    rotationRate: 5400,
    linkSpeed: 375_000_000,
    linkSpeedMaximum: 750_000_000,
    passed: true,
    temperature: 34,
    temperatureLimit: null,
    powerOnTime: 37_800,
    powerCycles: 12,
    readBytes: null,
    lifeUsed: null,
    loggedErrors: 2,
    failedSelfTests: 0,
    nvme: null,
    scsi: null,
    health: 'good',
    reasons: [],
  });
  expect(disk.attributes).toEqual([
    {
      id: 194,
      name: 'Temperature_Celsius',
      value: 100,
      worst: 100,
      threshold: 10,
      raw: 1,
      text: '34 (Min/Max 20/45)',
      failed: null,
      prefailure: true,
      flags: 'PO--CK',
      flagNames: 'prefailure,updated_online,event_count,auto_keep',
    },
  ]);
});

test("a solid state disk: what its statistics say of its life; the maker's own are left out", () => {
  const disk = readingOf(ataDisk([], ATA_STATISTICS));
  expect(disk).toMatchObject({ lifeUsed: 0.93, writtenBytes: 512_000, readBytes: 1_536_000, rotationRate: 0 });
  expect(disk.statistics.map(({ name, flagNames }) => [name, flagNames])).toEqual([
    ['Logical Sectors Written', 'valid'],
    ['Logical Sectors Read', 'valid'],
    ['Percentage Used Endurance Indicator', 'valid,normalized'],
  ]);
  expect([disk.health, disk.reasons]).toEqual(['warning', ['93 % of its rated life is used.']]);
});

test('an NVMe drive', () => {
  const drive = readingOf(nvmeDrive({ data_units_read: 0 }));
  expect(drive).toMatchObject({
    capacity: 1_000_204_886_016,
    lifeUsed: 0.07,
    // Zero says that it is not counted.
    readBytes: null,
    writtenBytes: 512_000_000,
    powerOnTime: 360_000,
    loggedErrors: 6,
    nvme: {
      spare: 1,
      spareThreshold: 0.1,
      used: 0.07,
      criticalWarning: 0,
      mediaErrors: 0,
      unsafeShutdowns: 4,
      busyTime: 300,
      warningTemperatureTime: 60,
    },
    health: 'good',
  });
});

test('a SAS disk', () => {
  expect(readingOf(scsiDisk())).toMatchObject({
    model: 'EXAMPLE SAS1',
    firmware: 'R1',
    temperatureLimit: 65,
    powerCycles: 21,
    readBytes: 1.5e9,
    writtenBytes: 2e9,
    scsi: { grownDefects: 0, read: { correctedFast: 11, correctedDelayed: 12, correctedByRetry: 13, uncorrected: 0 } },
  });
});

test('names and units of smartctl_exporter', () => {
  const disk = readingOf(ataDisk([ataAttribute(5, 'Reallocated_Sector_Ct', 8)], {}, 4), 4);
  expect(series(disk, 'smartctl_device')).toEqual([
    'interface=sat protocol=ATA model_family=Example Disks model_name=EXAMPLE 4000 serial_number=S1 ata_additional_product_id=unknown firmware_version=F1 ata_version=ACS-3 T13/2161-D revision 5 sata_version=SATA 3.1 form_factor=3.5 inches scsi_vendor= scsi_product= scsi_revision= scsi_version= 1',
  ]);
  const flags =
    'attribute_name=Reallocated_Sector_Ct attribute_flags_short=PO--CK attribute_flags_long=prefailure,updated_online,event_count,auto_keep attribute_id=5';
  expect(series(disk, 'smartctl_device_attribute')).toEqual([
    `${flags} attribute_value_type=value 100`,
    `${flags} attribute_value_type=worst 100`,
    `${flags} attribute_value_type=thresh 10`,
    `${flags} attribute_value_type=raw 8`,
  ]);
  expect(series(disk, 'smartctl_device_interface_speed')).toEqual(['speed_type=current 3000000000', 'speed_type=max 6000000000']);
  expect(series(disk, 'smartctl_device_smartctl_exit_status')).toEqual(['4']);
  expect(series(disk, 'hecate_smart_health_info')).toEqual(['health=warning 1']);
  const drive = readingOf(nvmeDrive());
  expect(series(drive, 'smartctl_device_percentage_used')).toEqual(['7']);
  expect(series(drive, 'smartctl_device_available_spare')).toEqual(['100']);
  expect(series(drive, 'smartctl_device_bytes_written')).toEqual(['512000000']);
  expect(series(readingOf(scsiDisk(5)), 'smartctl_read_total_uncorrected_errors')).toEqual(['5']);
});

describe('answers without a reading', () => {
  test.each([
    ['sleeps', STANDBY, 2, { kind: 'asleep' }],
    ['sleeps deeper', refusal(2, 'Device is in SLEEP mode, exit(2)'), 2, { kind: 'asleep' }],
    ['was put to sleep by the system', refusal(2, 'Device is in STANDBY (OS) mode, exit(2)'), 2, { kind: 'asleep' }],
    ['is behind an unknown bridge', refusal(1, '/dev/sda: Unknown USB bridge [0x1e91:0xa3a5 (0x100)]'), 1, { kind: 'unknown' }],
    ['is of no known type', refusal(1, '/dev/vda: Unable to detect device type'), 1, { kind: 'unknown' }],
    [
      'is not ours to open',
      refusal(2, 'Smartctl open device: /dev/sda failed: Permission denied'),
      2,
      { kind: 'refused', reason: 'permission' },
    ],
    ['is gone', refusal(2, 'Smartctl open device: /dev/sda failed: No such device'), 2, { kind: 'refused', reason: 'absent' }],
    [
      'has no identity',
      refusal(2, 'Read Device Identity failed: Inappropriate ioctl for device'),
      2,
      { kind: 'refused', reason: 'unsupported' },
    ],
    ['did not open', refusal(2), 2, { kind: 'refused', reason: 'error', detail: 'smartctl ended with status 2.' }],
    ['said nothing', '{}', 0, { kind: 'refused', reason: 'error' }],
  ])('a disk that %s', (_, output, status, expected) => {
    expect(parseSmartctl('sda', output, status, 0)).toMatchObject(expected);
  });

  test('an awake disk that stands by in name only is read', () => {
    expect(parseSmartctl('sda', ataDisk([], { power_mode: { name: 'ACTIVE or IDLE' } }), 0, 0).kind).toBe('reading');
  });

  test('what is not JSON is an error of ours', () => {
    for (const output of ['', 'smartctl 6.6', '{"cut": [1,', '\0']) expect(() => parseSmartctl('sda', output, 0, 0)).toThrow(HecateError);
  });
});

test('stray text before the JSON, as old versions write it, is passed over', () => {
  expect(readingOf(`  Pending defect count:${ataDisk()}`).model).toBe('EXAMPLE 4000');
});

test('any JSON gives a reading of finite numbers', () => {
  const wild = fc.jsonValue();
  fc.assert(
    fc.property(wild, wild, wild, (log, table, other) => {
      const output = JSON.stringify({
        smartctl: { messages: other },
        device: { type: log, protocol: 'x' },
        temperature: other,
        power_on_time: table,
        nvme_smart_health_information_log: log,
        scsi_error_counter_log: { read: log, write: other },
        ata_smart_attributes: { table },
        ata_device_statistics: { pages: table },
      });
      const answer = parseSmartctl('sda', output, 0, 0);
      if (answer.kind !== 'reading') return;
      expect(JSON.stringify(answer.reading)).not.toMatch(/NaN|Infinity/);
      for (const group of smartGroups()) for (const row of group.rows([answer.reading])) expect(row).toHaveProperty('device', 'sda');
    }),
  );
});
