import { expect, test } from 'vitest';
import { NVME_WARNINGS, smartctlProblems, smartVerdict } from './smart.ts';
import type { NvmeHealth, SmartAttribute, SmartReading } from './smart.ts';

type Disk = Omit<SmartReading, 'health' | 'reasons'>;
const NVME: NvmeHealth = {
  spare: 1,
  spareThreshold: 0.1,
  used: 0,
  criticalWarning: 0,
  mediaErrors: 0,
  errorLogEntries: 0,
  unsafeShutdowns: 0,
  busyTime: 0,
  warningTemperatureTime: 0,
  criticalTemperatureTime: 0,
};
const SILENT = {
  device: 'sda',
  passed: null,
  attributes: [],
  nvme: null,
  scsi: null,
  lifeUsed: null,
  failedSelfTests: null,
} as unknown as Disk;
const judge = (more: Partial<Disk>) => smartVerdict({ ...SILENT, passed: true, ...more });
const attribute = (id: number, raw: number, more: Partial<SmartAttribute> = {}): SmartAttribute => ({
  id,
  raw,
  name: `A${id}`,
  value: 100,
  worst: 100,
  threshold: 10,
  text: String(raw),
  failed: null,
  prefailure: true,
  flags: '',
  flagNames: '',
  ...more,
});

test('a disk that says nothing is unknown, one that says PASSED is good', () => {
  expect(smartVerdict(SILENT)).toEqual({ health: 'unknown', reasons: [] });
  expect(judge({})).toEqual({ health: 'good', reasons: [] });
  expect(judge({ passed: false })).toEqual({ health: 'failing', reasons: ['The disk says that it fails.'] });
});

test.each([
  [5, 1, '1 sector was replaced by spare ones.'],
  [187, 3, '3 errors could not be corrected.'],
  [197, 8, '8 sectors wait to be replaced.'],
  [198, 1, '1 sector cannot be read.'],
  [10, 2, 'It failed to spin up at once 2 times.'],
])('attribute %i of %i', (id, raw, reason) => {
  expect(judge({ attributes: [attribute(id, raw)] })).toEqual({ health: 'warning', reasons: [reason] });
  expect(judge({ attributes: [attribute(id, 0)] }).health).toBe('good');
});

test('the count is what smartctl makes of the raw bytes', () => {
  expect(judge({ attributes: [attribute(5, 2 ** 32, { text: '0 (1 0)' })] }).health).toBe('good');
  expect(judge({ attributes: [attribute(5, 9, { text: null })] }).reasons).toEqual(['9 sectors were replaced by spare ones.']);
});

test('attributes below their threshold: what foretells failure fails, old age is to be watched', () => {
  expect(judge({ attributes: [attribute(1, 0, { failed: 'now' })] })).toEqual({
    health: 'failing',
    reasons: ['A1 is not above its threshold.'],
  });
  expect(judge({ attributes: [attribute(9, 0, { failed: 'now', prefailure: false })] }).health).toBe('warning');
  expect(judge({ attributes: [attribute(1, 0, { failed: 'past' })] }).reasons).toEqual(['A1 was not above its threshold in the past.']);
});

test('NVMe: every bit of trouble, reserve, life, errors of the medium', () => {
  for (const [bit, [meaning, failing]] of NVME_WARNINGS.entries()) {
    expect(judge({ nvme: { ...NVME, criticalWarning: 1 << bit } })).toEqual({
      health: failing ? 'failing' : 'warning',
      reasons: [meaning],
    });
  }
  expect(judge({ nvme: { ...NVME, spare: 0.09 } })).toEqual({ health: 'failing', reasons: ['Its reserve is 9 %, below 10 %.'] });
  expect(judge({ nvme: { ...NVME, spare: null } }).health).toBe('good');
  expect(judge({ nvme: { ...NVME, mediaErrors: 1 } }).reasons).toEqual(['1 error of the medium could not be corrected.']);
  expect(judge({ nvme: NVME, lifeUsed: 0.9 }).health).toBe('warning');
  expect(judge({ nvme: NVME, lifeUsed: 0.89 }).health).toBe('good');
});

test('SCSI: defects and errors; self-tests', () => {
  const errors = { correctedFast: 9, correctedDelayed: 9, correctedByRetry: 9, uncorrected: 0 };
  expect(judge({ scsi: { grownDefects: 0, read: errors, write: null } }).health).toBe('good');
  expect(judge({ scsi: { grownDefects: 4, read: { ...errors, uncorrected: 1 }, write: errors } }).reasons).toEqual([
    '4 defects were found since it was made.',
    '1 error could not be corrected.',
  ]);
  expect(judge({ failedSelfTests: 1 }).reasons).toEqual(['A self-test found errors.']);
});

test('the bits of the exit status', () => {
  expect(smartctlProblems(0)).toEqual([]);
  expect(smartctlProblems(0b1100_1000)).toEqual(['disk failing', 'error log', 'self-test log']);
  expect(smartctlProblems(255)).toHaveLength(8);
});
