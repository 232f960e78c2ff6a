/** One attribute of an ATA disk. What it means is for its maker to say. */
export interface SmartAttribute {
  readonly id: number;
  /** As the database of smartmontools names it: `Reallocated_Sector_Ct`. */
  readonly name: string;
  /** Normalised: higher is better, at most 253; null when the disk does not say; so for all nulls here. */
  readonly value: number | null;
  readonly worst: number | null;
  /** It failed when the value is not above this; 0 never fails. */
  readonly threshold: number | null;
  /** The six raw bytes as one number. */
  readonly raw: number | null;
  /** The raw bytes as people read them: `34 (Min/Max 20/45)`. */
  readonly text: string | null;
  /** `now`, `past`, or null: it never failed. */
  readonly failed: 'now' | 'past' | null;
  /** Whether its failure foretells that of the disk, and not just old age. */
  readonly prefailure: boolean;
  /** Flags as letters `POSRCK`, and as words with commas between. */
  readonly flags: string;
  readonly flagNames: string;
}

/** One number of the device statistics of an ATA disk. */
export interface SmartStatistic {
  /** `Solid State Device Statistics`. */
  readonly table: string;
  readonly name: string;
  readonly value: number;
  readonly flags: string;
  readonly flagNames: string;
}

/** Health of an NVMe drive (NVM Express base specification, SMART / health information log page). */
export interface NvmeHealth {
  /** Reserve that is left, and what it must not fall below: shares of it, 0 to 1. */
  readonly spare: number | null;
  readonly spareThreshold: number | null;
  /** Share of its rated life that is used; may pass 1. */
  readonly used: number | null;
  /** Bits of trouble; {@link NVME_WARNINGS} says which. */
  readonly criticalWarning: number | null;
  readonly mediaErrors: number | null;
  readonly errorLogEntries: number | null;
  readonly unsafeShutdowns: number | null;
  /** Seconds that it worked. */
  readonly busyTime: number | null;
  /** Seconds above the warning and above the critical temperature. */
  readonly warningTemperatureTime: number | null;
  readonly criticalTemperatureTime: number | null;
}

/** Errors of a SCSI disk while it read, or wrote. */
export interface ScsiErrors {
  readonly correctedFast: number | null;
  readonly correctedDelayed: number | null;
  readonly correctedByRetry: number | null;
  readonly uncorrected: number | null;
}

/** Health of a SCSI or SAS disk. */
export interface ScsiHealth {
  /** Sectors found bad since it was made. */
  readonly grownDefects: number | null;
  readonly read: ScsiErrors | null;
  readonly write: ScsiErrors | null;
}

/** What a disk says that it is, in the words of smartctl. */
export interface SmartIdentity {
  readonly model: string | null;
  readonly family: string | null;
  readonly serial: string | null;
  readonly firmware: string | null;
  readonly ataVersion: string | null;
  readonly sataVersion: string | null;
  readonly formFactor: string | null;
  readonly additionalProduct: string | null;
  readonly scsiVendor: string | null;
  readonly scsiProduct: string | null;
  readonly scsiRevision: string | null;
  readonly scsiVersion: string | null;
}

/** How a disk fares, and why: our own judgement, since a disk that says PASSED may be losing sectors. */
export interface SmartVerdict {
  /** `failing`: replace it. `warning`: watch it. `unknown`: it says nothing of its health. */
  readonly health: 'good' | 'warning' | 'failing' | 'unknown';
  /** One sentence each. */
  readonly reasons: readonly string[];
}

/** What one disk says of its health (SMART). Null: it does not say. */
export interface SmartReading extends SmartIdentity, SmartVerdict {
  /** Kernel name: `sda`; `nvme0` is the controller. */
  readonly device: string;
  /** Seconds since the epoch at which the disk said this; older than the snapshot when it sleeps since. */
  readonly readAt: number;
  /** Whether it slept and was not asked this time. */
  readonly asleep: boolean;
  /** How it is spoken to: `sat`, `nvme`, `scsi`; and the protocol: `ATA`, `NVMe`, `SCSI`. */
  readonly type: string;
  readonly protocol: string;
  /** Bytes. */
  readonly capacity: number | null;
  readonly blocks: number | null;
  readonly logicalBlock: number | null;
  readonly physicalBlock: number | null;
  /** Rotations per minute; 0 for solid state. */
  readonly rotationRate: number | null;
  /** What it may do and does, bytes per second. */
  readonly linkSpeedMaximum: number | null;
  readonly linkSpeed: number | null;
  /** What the disk says of itself in all. */
  readonly passed: boolean | null;
  /** Exit status of smartctl: bits. */
  readonly status: number;
  /** Celsius. */
  readonly temperature: number | null;
  /** Celsius at which it turns itself off. */
  readonly temperatureLimit: number | null;
  /** Seconds. */
  readonly powerOnTime: number | null;
  readonly powerCycles: number | null;
  /** Bytes read and written over its life. */
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
  /** Share of its rated life that is used, 0 to 1 and beyond, for solid state of any kind. */
  readonly lifeUsed: number | null;
  /** Errors in its log, and in that of its self-tests. */
  readonly loggedErrors: number | null;
  readonly failedSelfTests: number | null;
  readonly attributes: readonly SmartAttribute[];
  readonly statistics: readonly SmartStatistic[];
  readonly nvme: NvmeHealth | null;
  readonly scsi: ScsiHealth | null;
}

/** The bits of {@link NvmeHealth.criticalWarning}, from the lowest on; true: the drive is failing. */
export const NVME_WARNINGS: readonly (readonly [meaning: string, failing: boolean])[] = [
  ['The reserve is below its threshold.', true],
  ['The temperature is out of its range.', false],
  ['The drive is not reliable any more.', true],
  ['The drive has become read-only.', true],
  ['The power reserve of its cache failed.', false],
  ['The persistent memory region is unreliable.', false],
];

/** The bits of the exit status of smartctl, from the lowest on (smartctl(8), EXIT STATUS). */
export const SMARTCTL_BITS = [
  'command line',
  'open',
  'command failed',
  'disk failing',
  'prefailure attribute',
  'attribute in the past',
  'error log',
  'self-test log',
] as const;

/** The names of the bits that are set in an exit status of smartctl. */
export function smartctlProblems(status: number): string[] {
  return SMARTCTL_BITS.filter((_, bit) => (status & (1 << bit)) !== 0);
}

/** Attributes of ATA disks whose raw number counts sectors or errors, and what a number above zero means. */
const COUNTED: readonly (readonly [id: number, sentence: (count: number) => string])[] = [
  [5, (count) => `${count} ${count === 1 ? 'sector was' : 'sectors were'} replaced by spare ones.`],
  [10, (count) => `It failed to spin up at once ${count} ${count === 1 ? 'time' : 'times'}.`],
  [187, (count) => `${count} ${count === 1 ? 'error' : 'errors'} could not be corrected.`],
  [197, (count) => `${count} ${count === 1 ? 'sector waits' : 'sectors wait'} to be replaced.`],
  [198, (count) => `${count} ${count === 1 ? 'sector' : 'sectors'} cannot be read.`],
];

/** Share of its rated life from which a disk is to be watched. */
const WORN = 0.9;

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The count in the raw value of an attribute: makers put other things into its upper bytes, and smartctl's text knows. */
function countOf({ raw, text }: SmartAttribute): number {
  const [digits] = /^\d+/.exec(text ?? '') ?? [];
  return digits !== undefined && digits.length < 16 ? Number(digits) : (raw ?? 0);
}

/** Our judgement of a disk, beyond its own PASSED; pure. */
export function smartVerdict(disk: Omit<SmartReading, keyof SmartVerdict>): SmartVerdict {
  const failing: string[] = [];
  const watch: string[] = [];
  if (disk.passed === false) failing.push('The disk says that it fails.');
  for (const attribute of disk.attributes) {
    if (attribute.failed === 'now') (attribute.prefailure ? failing : watch).push(`${attribute.name} is not above its threshold.`);
    else if (attribute.failed === 'past') watch.push(`${attribute.name} was not above its threshold in the past.`);
    const counted = COUNTED.find(([id]) => id === attribute.id);
    if (counted && countOf(attribute) > 0) watch.push(counted[1](countOf(attribute)));
  }
  for (const [bit, [meaning, isFailing]] of NVME_WARNINGS.entries()) {
    if (((disk.nvme?.criticalWarning ?? 0) & (1 << bit)) !== 0) (isFailing ? failing : watch).push(meaning);
  }
  const { spare, spareThreshold, mediaErrors } = disk.nvme ?? {};
  if (typeof spare === 'number' && typeof spareThreshold === 'number' && spare < spareThreshold) {
    failing.push(`Its reserve is ${percent(spare)}, below ${percent(spareThreshold)}.`);
  }
  if (mediaErrors) watch.push(`${mediaErrors} ${mediaErrors === 1 ? 'error' : 'errors'} of the medium could not be corrected.`);
  if (disk.lifeUsed !== null && disk.lifeUsed >= WORN) watch.push(`${percent(disk.lifeUsed)} of its rated life is used.`);
  if (disk.scsi?.grownDefects) watch.push(`${disk.scsi.grownDefects} defects were found since it was made.`);
  const uncorrected = (disk.scsi?.read?.uncorrected ?? 0) + (disk.scsi?.write?.uncorrected ?? 0);
  if (uncorrected > 0) watch.push(`${uncorrected} ${uncorrected === 1 ? 'error' : 'errors'} could not be corrected.`);
  if (disk.failedSelfTests) watch.push('A self-test found errors.');
  const isSilent = disk.passed === null && disk.attributes.length === 0 && disk.nvme === null && disk.scsi === null;
  const health = failing.length > 0 ? 'failing' : watch.length > 0 ? 'warning' : isSilent ? 'unknown' : 'good';
  return { health, reasons: [...failing, ...watch.filter((reason) => !failing.includes(reason))] };
}
