import { constant, encode } from './abi.testing.ts';
import type { CfTree, FakeMachine, Refusal, RegistryEntry } from './machine.testing.ts';

/** A network interface: its counters by Apple's names. */
export interface FakeInterface {
  readonly name: string;
  readonly index: number;
  /** IFT number. */
  readonly type: number;
  readonly counters: Readonly<Record<string, number | bigint>>;
  readonly queueDrops?: number;
  /** What IFMIB answers; a refusal makes the list the only source. */
  readonly exact?: 'refused';
}

/** `bytes` with room to a multiple of 4. */
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** One interface in the answer of NET_RT_IFLIST2: its message, then the address that holds its name. */
export function interfaceMessage({ name, index, type, counters, queueDrops = 0 }: FakeInterface): Buffer {
  const address = encode('sockaddr_dl', {
    sdl_len: 20,
    sdl_family: constant('AF_LINK'),
    sdl_index: index,
    sdl_type: type,
    sdl_nlen: name.length,
  });
  const link = padded(Buffer.concat([address.subarray(0, 8), Buffer.from(name), Buffer.alloc(12)]));
  const data = Object.fromEntries(Object.entries(counters).map(([key, value]) => [`ifm_data.${key}`, value]));
  const message = encode('if_msghdr2', {
    ...data,
    ifm_msglen: 160 + link.length,
    ifm_version: 5,
    ifm_type: constant('RTM_IFINFO2'),
    ifm_addrs: constant('RTA_IFP'),
    ifm_index: index,
    ifm_snd_drops: queueDrops,
    'ifm_data.ifi_type': type,
  });
  return Buffer.concat([message, link]);
}

/** A message of another kind: the address of an interface. */
const addressMessage = (): Buffer => Buffer.concat([Buffer.from([20, 0, 5, 0x0c]), Buffer.alloc(16)]);

/** What a machine answers about its interfaces. The list rounds bytes down to 1 KiB, as macOS does for programs of others. */
export function networkOf(interfaces: readonly FakeInterface[]): FakeMachine {
  const rounded = (one: FakeInterface): FakeInterface => ({
    ...one,
    counters: Object.fromEntries(
      Object.entries(one.counters).map(([key, value]) => [key, key.endsWith('bytes') ? (BigInt(value) / 1024n) * 1024n : value]),
    ),
  });
  const answers: Record<string, Buffer | Refusal> = {
    [`sysctl:${['CTL_NET', 'PF_ROUTE'].map((name) => constant(name)).join('.')}.0.0.${constant('NET_RT_IFLIST2')}.0`]: Buffer.concat(
      interfaces.flatMap((one) => [interfaceMessage(rounded(one)), addressMessage()]),
    ),
  };
  for (const { name, index, type, counters, queueDrops = 0, exact } of interfaces) {
    const place = [constant('CTL_NET'), constant('AF_LINK'), 0, constant('IFMIB_IFDATA'), index, constant('IFDATA_GENERAL')].join('.');
    const data = Object.fromEntries(Object.entries(counters).map(([key, value]) => [`ifmd_data.${key}`, value]));
    answers[`sysctl:${place}`] =
      exact === 'refused'
        ? { result: -1, error: constant('EPERM') }
        : encode('ifmibdata', { ...data, ifmd_name: name, ifmd_snd_drops: queueDrops, 'ifmd_data.ifi_type': type });
  }
  return { answers };
}

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
