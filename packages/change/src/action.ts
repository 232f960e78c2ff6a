/** Anything that can be written down: what an action wants, and what was there before. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Sets a sysctl: /proc/sys/KEY with `/` for `.`. Source: the kernel's Documentation/admin-guide/sysctl. */
export interface SysctlAction {
  readonly kind: 'sysctl';
  /** `vm.swappiness`; a slash stands for a dot inside a name (`net.ipv4.conf.eth0/100.forwarding`), as in sysctl.d(5). */
  readonly key: string;
  /** What is written; several numbers with one space between. */
  readonly value: string;
}

/** Writes one value file of /sys, or of /proc/irq. */
export interface SysfsAction {
  readonly kind: 'sysfs';
  /** Absolute, without `..`. */
  readonly path: string;
  readonly value: string;
}

/** Puts a file in place, or takes it away. */
export interface FileAction {
  readonly kind: 'file';
  readonly path: string;
  /** UTF-8 text; null: there shall be none. */
  readonly content: string | null;
  /** Permission bits of a file that is made. Default: those of the file that was there, else 0o644. */
  readonly mode?: number;
}

/** Puts a symbolic link in place, or takes it away. */
export interface LinkAction {
  readonly kind: 'link';
  readonly path: string;
  /** What it points to; null: there shall be none. */
  readonly target: string | null;
}

/** Starts, stops, enables, disables or masks a unit of systemd, or a job of launchd (`hecate.daemon.plist`). What is not named stays. */
export interface UnitAction {
  readonly kind: 'unit';
  /** With its ending: `irqbalance.service`. */
  readonly unit: string;
  readonly active?: boolean;
  readonly enabled?: boolean;
  readonly masked?: boolean;
  /** Its file comes in the same plan: as long as there is none, the unit counts as stopped and disabled. */
  readonly made?: boolean;
}

/** Loads or unloads a kernel module. */
export interface ModuleAction {
  readonly kind: 'module';
  readonly module: string;
  readonly loaded: boolean;
  /** Parameters for loading: `{ num_devices: '1' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** Writes one file of a control group. */
export interface CgroupAction {
  readonly kind: 'cgroup';
  /** The group as /proc/PID/cgroup has it: `/system.slice/nginx.service`. */
  readonly group: string;
  /** `memory.high`. */
  readonly file: string;
  readonly value: string;
}

/** Changes options of a file system that is mounted (mount -o remount). */
export interface MountAction {
  readonly kind: 'mount';
  /** Where it is mounted. */
  readonly target: string;
  /** `noatime`, `commit=60`: these options are set, and others stay. */
  readonly options: readonly string[];
}

/** Puts one table of nftables in place whole, or takes it away. Others' tables are never touched. */
export interface FirewallAction {
  readonly kind: 'firewall';
  readonly family: 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';
  readonly table: string;
  /** The inside of the table, as `nft list table` prints it between its braces; null: there shall be none. */
  readonly rules: string | null;
}

/** Swap in compressed memory. */
export interface ZramAction {
  readonly kind: 'zram';
  /** `zram0`. It must be unused or not there yet. */
  readonly device: string;
  /** Bytes of swap that it offers. */
  readonly size: number;
  /** `zstd`, `lz4`, `lzo-rle`. */
  readonly algorithm: string;
  /** Priority of the swap, -1 to 32767. */
  readonly priority: number;
}

/** Installs or removes packages. Its handler is registered by the package manager. */
export interface PackageAction {
  readonly kind: 'package';
  readonly name: string;
  /** A version, or null: there shall be none. */
  readonly version: string | null;
}

/** A program that does it, one that undoes it, and one whose output says how it is. The last resort: no other kind fits. */
export interface CommandAction {
  readonly kind: 'command';
  /** What it is for, for people: `persistence mode of GPU 0`. Two commands of one name change the same thing. */
  readonly name: string;
  readonly do: readonly [string, ...string[]];
  readonly undo: readonly [string, ...string[]];
  /** Its standard output, trimmed, is the state. It must change nothing. */
  readonly probe: readonly [string, ...string[]];
  /** The state after `do`. */
  readonly wanted: string;
}

/** Takes an output that drives a fan out of the hands of its chip, and sets it. */
export interface FanAction {
  readonly kind: 'fan';
  /**
   * Where it is, of the device and not of its number in this boot: `/sys/devices/platform/nct6775.656/hwmon/hwmon3/pwm2`; on a Mac
   * `AppleSMC/F0`.
   */
  readonly output: string;
  /** In the output's own unit: 0 to 255 of a PWM output, turns a minute of a fan of the SMC. */
  readonly level: number;
}

/** One change to a machine, as data. The set is closed: what is not here cannot be done. */
export type Action =
  | SysctlAction
  | SysfsAction
  | FileAction
  | LinkAction
  | UnitAction
  | ModuleAction
  | CgroupAction
  | MountAction
  | FirewallAction
  | ZramAction
  | FanAction
  | PackageAction
  | CommandAction;

/** The kinds of {@link Action}. */
export type ActionKind = Action['kind'];
