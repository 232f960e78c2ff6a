import { encode } from './abi.testing.ts';
import type { CfTree, FakeMachine, RegistryEntry } from './machine.testing.ts';

/** A mounted volume. Sizes in blocks of 4096 bytes. */
export interface FakeMount {
  readonly source: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly blocks: number;
  readonly free: number;
  readonly files?: number;
  readonly device: number;
  readonly flags?: number;
}

/** What a machine answers about its volumes. */
export function mountsOf(mounts: readonly FakeMount[]): FakeMachine {
  const each = mounts.map(({ source, mountpoint, type, blocks, free, files = 0, device, flags = 0 }) =>
    encode('statfs', {
      ...{
        f_bsize: 4096,
        f_iosize: 1_048_576,
        f_blocks: blocks,
        f_bfree: free,
        f_bavail: free,
        f_files: files,
        f_ffree: Math.floor(files / 2),
      },
      ...{ 'f_fsid.val': [device, 26], f_flags: flags, f_fstypename: type, f_mntonname: mountpoint, f_mntfromname: source },
    }),
  );
  return { answers: { getfsstat64: { bytes: Buffer.concat(each), error: encode('statfs', {}).length } } };
}

/** A disk: what lies above its driver, and what the driver counts. `statistics` by Apple's names. */
export interface FakeDisk {
  readonly name: string;
  readonly minor: number;
  readonly statistics: CfTree;
  /** A file of another disk. */
  readonly isImage?: boolean;
}

/** Entries of the I/O registry for disks: device, driver, medium, and what a volume manager makes of it. */
export const disksOf = (disks: readonly FakeDisk[]): FakeMachine => ({
  registry: disks.flatMap(({ name, minor, statistics, isImage = false }, index): RegistryEntry[] => {
    const base = index * 4;
    const media = { 'BSD Major': 1, 'BSD Minor': minor, Whole: true, Size: 494_384_795_648 };
    const place = isImage ? 'File' : 'Internal';
    return [
      {
        name: 'device',
        classes: ['IONVMeBlockStorageDevice', 'IOBlockStorageDevice'],
        properties: { 'Protocol Characteristics': { 'Physical Interconnect': 'Apple Fabric', 'Physical Interconnect Location': place } },
      },
      { name: 'driver', classes: ['IOBlockStorageDriver'], parent: base, properties: { Statistics: statistics } },
      { name: 'medium', classes: ['IOMedia'], parent: base + 1, properties: { ...media, 'BSD Name': name } },
      { name: 'part', classes: ['IOMedia'], parent: base + 2, properties: { ...media, Whole: false, 'BSD Name': `${name}s1` } },
    ];
  }),
});

/** Entries for a battery. */
export const batteryOf = (properties: { readonly [key: string]: CfTree }): FakeMachine => ({
  registry: [{ name: 'AppleSmartBattery', classes: ['AppleSmartBattery', 'IOPMPowerSource'], properties }],
});
