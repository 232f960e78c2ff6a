import { desktop, disk, firmware, gpu, kernel, memory, nic, processes, programs, under } from './machine-tree.testing.ts';
import type { Tree } from './machine-tree.testing.ts';
import { arm, frequencies, idleStates, x86 } from './processor-tree.testing.ts';

const CPUS = 'sys/devices/system/cpu';
const PREFERENCES = 'default performance balance_performance balance_power power';
const each = (count: number): string[] => Array.from({ length: count }, (_, cpu) => String(cpu));
const battery = under('sys/class/power_supply/BAT0', { type: 'Battery', present: 1, status: 'Discharging', capacity: 61 });
const guest = (cores: number): Tree =>
  x86({ vendor: 'GenuineIntel', family: 6, model: 106, name: 'Intel Xeon Processor', cores, isGuest: true });
const kvm = under('sys/devices/system/clocksource/clocksource0', { available_clocksource: 'kvm-clock tsc' });

/** Alder Lake: two performance cores with two threads, two efficiency cores. */
const intelLaptop: Tree = {
  ...kernel('6.12.57+deb13-amd64', 'x86_64'),
  ...memory(15_800),
  ...firmware('LENOVO', '21AH', 10),
  ...x86({ vendor: 'GenuineIntel', family: 6, model: 154, name: '12th Gen Intel(R) Core(TM) i5-1240P', cores: 3, threads: 2 }),
  ...under('sys/devices/cpu_core', { cpus: '0-3' }),
  ...under('sys/devices/cpu_atom', { cpus: '4-5' }),
  ...frequencies('intel_pstate', 'performance powersave', each(6), PREFERENCES),
  ...under(`${CPUS}/intel_pstate`, { no_turbo: 0, status: 'active' }),
  ...idleStates(
    [0, 1, 2, 3, 4, 5],
    [
      ['POLL', 0],
      ['C1E', 2],
      ['C6', 220],
    ],
  ),
  ...Object.assign({}, ...each(6).map((cpu) => under(`${CPUS}/cpu${cpu}/power`, { energy_perf_bias: 6 }))),
  ...battery,
  ...under('sys/class/power_supply/AC', { type: 'Mains', online: 0 }),
  ...disk('nvme0n1', 512, 0, '[none] mq-deadline kyber bfq'),
  ...nic('wlp0s20f3', 'iwlwifi', -1, true),
  ...gpu('0000:00:02.0', '0x030000', '0x8086', 'i915', 1),
  ...desktop(),
  ...programs('gcc', 'git', 'code'),
};

const epycServer: Tree = {
  ...kernel('6.1.0-28-amd64', 'x86_64'),
  ...memory(512 * 1024, 2),
  ...firmware('Supermicro', 'AS -2124US-TNRP', 17),
  ...x86({ vendor: 'AuthenticAMD', family: 25, model: 1, name: 'AMD EPYC 7543 32-Core Processor', sockets: 2, cores: 8, threads: 2 }),
  ...frequencies('acpi-cpufreq', 'conservative ondemand userspace powersave performance schedutil', each(32)),
  ...under(`${CPUS}/cpufreq`, { boost: 1 }),
  ...idleStates(
    [0, 1],
    [
      ['POLL', 0],
      ['C1', 1],
      ['C2', 400],
    ],
  ),
  ...disk('nvme0n1', 3840, 0, '[none] mq-deadline'),
  ...disk('nvme0c0n1', 3840, 0, '[none]'),
  ...disk('sda', 16_000, 1, 'none [mq-deadline]'),
  ...disk('dm-0', 1000, 0, 'none'),
  ...nic('eno1', 'mlx5_core', 25_000),
  ...under('sys/class/net/br0', { speed: 25_000 }),
  ...gpu('0000:c3:00.0', '0x030000', '0x1a03', 'ast', 0),
  ...processes('systemd', 'sshd', 'nginx'),
};

const gamingDesktop: Tree = {
  ...kernel('6.15.4-arch2-1', 'x86_64'),
  ...memory(31_900),
  ...firmware('ASUS', 'System Product Name', 3),
  ...x86({ vendor: 'AuthenticAMD', family: 26, model: 68, name: 'AMD Ryzen 7 9800X3D 8-Core Processor', cores: 8, threads: 2 }),
  ...frequencies('amd-pstate-epp', 'performance powersave', each(16), PREFERENCES),
  ...under(`${CPUS}/cpufreq`, { boost: 1 }),
  ...disk('nvme0n1', 2000, 0, '[none] mq-deadline kyber bfq'),
  ...disk('sda', 1000, 0, 'none [mq-deadline] kyber bfq'),
  ...disk('sdb', 32, 1, 'none [mq-deadline]', 1),
  ...nic('enp5s0', 'r8169', 2500),
  ...gpu('0000:03:00.0', '0x030000', '0x1002', 'amdgpu', 1, 16 * 2 ** 30),
  ...processes('systemd', 'gnome-shell', 'steam'),
  ...desktop(),
  ...programs('gcc', 'steam', 'git'),
};

const raspberryPi: Tree = {
  ...kernel('5.15.84-v8+'),
  ...memory(3_800),
  ...arm('0x41', [1024, 1024, 1024, 1024]),
  ...frequencies('cpufreq-dt', 'conservative ondemand userspace powersave performance schedutil', ['0 1 2 3']),
  'proc/device-tree/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
  'proc/device-tree/compatible': 'raspberrypi,4-model-b\0brcm,bcm2711\0',
  ...disk('mmcblk0', 32, 0, 'none [mq-deadline]'),
  ...nic('eth0', 'bcmgenet', 1000),
  ...under('sys/class/drm/card0/device', { driver: { link: '../../../bus/platform/drivers/v3d' }, 'drm/renderD128/dev': '226:128' }),
  ...under('sys/class/drm/card1/device', { driver: { link: '../../../bus/platform/drivers/vc4-drm' } }),
  ...processes('systemd', 'sshd'),
};

const appleLaptop: Tree = {
  ...kernel('6.14.8-400.asahi.fc42.aarch64+16k', 'aarch64'),
  ...memory(15_600),
  ...arm('0x61', [485, 485, 485, 485, 1024, 1024, 1024, 1024]),
  'sys/kernel/mm/transparent_hugepage/hpage_pmd_size': `${2 ** 25}\n`,
  ...frequencies('apple-cpufreq', 'conservative ondemand userspace powersave performance schedutil', ['0 1 2 3', '4 5 6 7']),
  'proc/device-tree/model': 'Apple MacBook Air (M1, 2020)\0',
  'proc/device-tree/compatible': 'apple,j313\0apple,t8103\0apple,arm-platform\0',
  'proc/device-tree/chassis-type': 'laptop\0',
  ...battery,
  ...disk('nvme0n1', 251, 0, '[none] mq-deadline kyber bfq'),
  ...nic('wlan0', 'brcmfmac', -1, true),
  ...under('sys/class/drm/card0/device', { driver: { link: '../../../bus/platform/drivers/asahi' }, 'drm/renderD128/dev': '226:128' }),
  ...desktop(),
};

const kvmGuest: Tree = {
  ...kernel('6.1.0-28-cloud-amd64', 'x86_64'),
  ...memory(7_900),
  ...firmware('QEMU', 'Standard PC (Q35 + ICH9, 2009)', 1),
  ...guest(4),
  ...kvm,
  ...disk('vda', 80, 1, 'none [mq-deadline]'),
  ...disk('sda', 10, 1, '[none] mq-deadline'),
  ...nic('eth0', 'virtio_net', -1),
  ...gpu('0000:00:01.0', '0x030000', '0x1234', 'bochs-drm', 0),
  ...processes('systemd', 'sshd', 'nginx'),
};

const nitroInstance: Tree = {
  ...kernel('6.8.0-1021-aws', 'x86_64'),
  ...memory(15_600),
  ...firmware('Amazon EC2', 'm6i.xlarge', 1),
  ...guest(4),
  ...kvm,
  ...frequencies('intel_pstate', 'performance powersave', each(4)),
  ...disk('nvme0n1', 100, 0, '[none] mq-deadline'),
  ...nic('ens5', 'ena', -1),
  ...processes('systemd', 'postgres', 'postgres'),
};

const dockerHost: Tree = {
  ...epycServer,
  ...nic('eth1', 'ixgbe', 10_000),
  ...under('sys/class/net/veth1a2b3c4', { speed: 10_000 }),
  ...processes('systemd', 'dockerd', 'containerd', 'containerd-shim', 'postgres', 'nginx'),
};

const lxcContainer: Tree = {
  ...epycServer,
  ...processes('systemd', 'nginx'),
  'run/host/container-manager': 'lxc\n',
};

const h100Box: Tree = {
  ...kernel('5.15.0-1063-nvidia', 'x86_64', '#64-Ubuntu SMP'),
  ...memory(2_000_000, 2),
  ...firmware('NVIDIA', 'DGXH100', 23),
  ...x86({ vendor: 'GenuineIntel', family: 6, model: 143, name: 'Intel(R) Xeon(R) Platinum 8480C', sockets: 2, cores: 8, threads: 2 }),
  ...frequencies('intel_pstate', 'performance powersave', each(32), PREFERENCES),
  ...under(`${CPUS}/intel_pstate`, { no_turbo: 1 }),
  ...disk('nvme0n1', 3840, 0, '[none] mq-deadline'),
  ...nic('ibp24s0', 'mlx5_core', 400_000),
  ...Object.assign({}, ...each(8).map((index) => gpu(`0000:${index}b:00.0`, '0x030200', '0x10de', 'nvidia', Number(index) + 1))),
  ...gpu('0000:ff:00.0', '0x030000', '0x1a03', 'ast', 0),
  ...processes('systemd', 'dockerd', 'containerd', 'nvidia-persiste', 'python3'),
};

const threadripper: Tree = {
  ...kernel('6.12.9-200.fc41.x86_64', 'x86_64'),
  ...memory(257_000),
  ...firmware('Gigabyte', 'TRX50 AERO D', 3),
  ...x86({ vendor: 'AuthenticAMD', family: 25, model: 24, name: 'AMD Ryzen Threadripper 7970X 32-Cores', cores: 32, threads: 2 }),
  ...frequencies('amd-pstate-epp', 'performance powersave', each(64), PREFERENCES),
  ...disk('nvme0n1', 4000, 0, '[none] mq-deadline kyber bfq'),
  ...nic('enp1s0', 'atlantic', 10_000),
  ...gpu('0000:41:00.0', '0x030000', '0x10de', 'nvidia', 0),
  ...processes('systemd', 'gnome-shell', 'postgres'),
  ...desktop(),
  ...programs('gcc', 'clang', 'git', 'code'),
};

const tinyVps: Tree = {
  ...kernel('6.1.0-28-amd64', 'x86_64'),
  ...memory(457),
  ...firmware('QEMU', 'Standard PC (i440FX + PIIX, 1996)', 1),
  ...guest(1),
  ...kvm,
  ...disk('vda', 10, 0, 'none [mq-deadline]'),
  ...nic('eth0', 'virtio_net', -1),
  ...processes('systemd', 'mariadbd', 'apache2'),
};

/** Layouts of the kernel's documents, each with the files that tell what it is. */
export const MACHINES = {
  intelLaptop,
  epycServer,
  gamingDesktop,
  raspberryPi,
  appleLaptop,
  kvmGuest,
  nitroInstance,
  dockerHost,
  lxcContainer,
  h100Box,
  threadripper,
  tinyVps,
} as const satisfies Readonly<Record<string, Tree>>;

/** Name of one of {@link MACHINES}. */
export type MachineName = keyof typeof MACHINES;
