import { describe, expect, test } from 'vitest';
import { disk, kernel, memory, nic, under } from '../detect/machine-tree.testing.ts';
import { frequencies, idleStates, x86 } from '../detect/processor-tree.testing.ts';
import { brief, importOn, profiles, reasons } from './tuned-tree.testing.ts';

const machine = {
  ...kernel('6.12.57-amd64', 'x86_64'),
  ...memory(16_000),
  ...x86({ vendor: 'GenuineIntel', family: 6, model: 154, name: 'Intel Core', cores: 2 }),
  ...frequencies('intel_pstate', 'performance powersave', ['0', '1'], 'default performance balance_power power'),
  ...idleStates(
    [0, 1],
    [
      ['POLL', 0],
      ['C1E', 2],
      ['C6', 220],
    ],
  ),
  ...disk('nvme0n1', 512, 0, '[none] mq-deadline'),
  ...disk('sda', 4000, 1, 'none [mq-deadline]'),
  ...disk('sdb', 16, 0, 'none [mq-deadline]', 1),
  ...nic('eth0', 'igb', 1000),
};
const imported = (text: string, files = {}) => importOn({ ...machine, ...profiles({ one: text }), ...files });
const knobs = async (text: string, files = {}): Promise<string[]> => (await imported(text, files)).profile.knobs.map(brief);
const leftOut = async (text: string, files = {}): Promise<string[]> => reasons(await imported(text, files));

describe('settings as knobs', () => {
  test('of the processor', async () => {
    const text = `[cpu]
governor=schedutil | powersave
energy_perf_bias=powersave|power
energy_performance_preference=balance_power
min_perf_pct=>50
no_turbo=true
force_latency=cstate.id_no_zero:0|cstate.name:C9|cstate.name:C1E|7
sampling_down_factor=100
pm_qos_resume_latency_us=n/a
latency_low=100`;
    const pstate = '/sys/devices/system/cpu/intel_pstate';
    expect(await knobs(text)).toEqual([
      'cpu-governor {} ["schedutil","powersave"]',
      'cpu-energy-bias {} "power"',
      'cpu-preference {} ["balance_power"]',
      `sysfs {"path":"${pstate}/min_perf_pct"} 50 raise`,
      `sysfs {"path":"${pstate}/no_turbo"} 1`,
      'cpu-idle {"latency_at_most":"2us"}',
      'sysfs {"path":"/sys/devices/system/cpu/cpufreq/ondemand/sampling_down_factor"} 100',
      'sysfs {"path":"/sys/devices/system/cpu/cpu0/power/pm_qos_resume_latency_us"} "n/a"',
      'sysfs {"path":"/sys/devices/system/cpu/cpu1/power/pm_qos_resume_latency_us"} "n/a"',
    ]);
    expect(await leftOut(text)).toEqual(['latency_low = 100: tuned moves it with the load while it runs; we set what stays.']);
    expect(
      await leftOut(
        '[cpu]\nforce_latency=cstate.id:9\nenergy_perf_bias=slow\n[second]\ntype=cpu\ndevices=cpu0\ngovernor=powersave\nno_turbo=0',
      ),
    ).toEqual([
      'force_latency = cstate.id:9: This machine has no idle state that cstate.id:9 means.',
      'energy_perf_bias = slow: The kernel knows no such bias.',
      'governor = powersave: It is for some of the CPUs, and we set all alike.',
      'no_turbo = 0: Another unit of this plugin comes before and decides, in tuned too.',
    ]);
  });

  test('of the kernel', async () => {
    const text = `[sysctl]
net.ipv4.tcp_rmem="4096 87380 16777216"
net/core/somaxconn=>2048
kernel.shmall = 18446744073692774399
vm.swappiness=<10
net.ipv4.neigh.eth0.retrans_time=5
../../etc/passwd=1
[vm]
transparent_hugepages=never
transparent_hugepage.defrag=defer+madvise
[scheduler]
sched_migration_cost_ns=>5000
sched_latency_ns=60
isolated_cores=1
default_irq_smp_affinity=1
[modules]
netrom=+r, nr_ndevs=2
cpufreq_conservative=+r
snd=index=1`;
    expect(await knobs(text, { 'proc/sys/kernel/sched_latency_ns': '1\n' })).toEqual([
      'sysctl {"key":"net.ipv4.tcp_rmem"} "4096 87380 16777216"',
      'sysctl {"key":"net.core.somaxconn"} 2048 raise',
      'sysctl {"key":"kernel.shmall"} "18446744073692774399"',
      'sysctl {"key":"vm.swappiness"} 10 lower',
      'hugepage-mode {} "never"',
      'hugepage-defrag {} "defer+madvise"',
      'sysfs {"path":"/sys/kernel/debug/sched/migration_cost_ns"} 5000 raise',
      'sysctl {"key":"kernel.sched_latency_ns"} 60',
      'module {"module":"netrom","parameters":{"nr_ndevs":"2"}} true',
      'module {"module":"cpufreq_conservative"} true',
    ]);
    expect(await leftOut(text)).toEqual([
      'net.ipv4.neigh.eth0.retrans_time = 5: tuned does not set it either: its unit differs from machine to machine.',
      '../../etc/passwd = 1: There can be no such knob: It (sysctl) has a wrong key: it must be the key of a sysctl such as "vm.swappiness".',
      expect.stringMatching(/^isolated_cores = 1: It moves processes/),
      expect.stringMatching(/^default_irq_smp_affinity = 1: Its mask/),
      'snd = index=1: It is for the next time that the module is loaded: /etc/modprobe.d is the place for it.',
    ]);
    expect(await leftOut('[vm]\ntransparent_hugepages=never', { 'proc/cmdline': 'quiet transparent_hugepage=always\n' })).toEqual([
      'transparent_hugepages = never: The boot options of this machine decide it, to tuned too.',
    ]);
  });

  test('of disks: all of them, or those that are named, and what one unit takes is not left for another', async () => {
    expect(await knobs('[disk]\nelevator=bfq\nreadahead=>8192 s')).toEqual([
      'disk-scheduler {"disks":["nvme","ssd","hdd","virtual","loop","other"]} "bfq"',
      'disk-read-ahead {"disks":["nvme","ssd","hdd","virtual","loop","other"]} "4096KiB" raise',
    ]);
    const named = `[disk]\nelevator=none\n[disk-sd]\ntype=disk\npriority=-1\ndevices=sd*\nelevator=mq-deadline\nreadahead=0\napm=128`;
    expect(await knobs(named)).toEqual([
      'sysfs {"path":"/sys/block/sda/queue/scheduler"} "mq-deadline"',
      'sysfs {"path":"/sys/block/sda/queue/read_ahead_kb"} 0',
      'sysfs {"path":"/sys/block/nvme0n1/queue/scheduler"} "none"',
    ]);
    expect(await leftOut(named)).toEqual([
      'priority = -1: It is the order in which tuned sets units, and is kept.',
      expect.stringMatching(/^apm = 128: It takes hdparm/),
    ]);
    expect(await leftOut('[disk]\nelevator=none\n[two]\ntype=disk\ndevices=sd*\nreadahead=x\nelevator=none')).toEqual([
      'readahead = x: It is no number of kibibytes, nor one of sectors such as "8192 s".',
      'elevator = none: A unit before it takes all disks that it is for, in tuned too.',
    ]);
    expect(await leftOut('[disk]\ndevices=!sda, !nvme*\nelevator=none')).toEqual([
      'elevator = none: This machine has no disks that !sda, !nvme* means.',
    ]);
  });

  test('of files, with wildcards', async () => {
    const files = {
      ...under('sys/class/a/x1', { v: 1 }),
      ...under('sys/class/a/x2', { v: 1 }),
      ...under('sys/class/a/y1', { v: 1 }),
      'sys/class/a/.x/v': '1',
    };
    expect(await knobs('[sysfs]\n/sys/class/a/x[!1]/v=5\n/sys/class//a/../a/?1/v=a b\n/sys/none=1', files)).toEqual([
      'sysfs {"path":"/sys/class/a/x2/v"} 5',
      'sysfs {"path":"/sys/class/a/x1/v"} "a b"',
      'sysfs {"path":"/sys/class/a/y1/v"} "a b"',
      'sysfs {"path":"/sys/none"} 1',
    ]);
    expect(await leftOut('[sysfs]\n/sys/class/b*/v=1\n/sys/../etc/passwd=1\n/etc/*=1\nv=1', files)).toEqual([
      '/sys/class/b*/v = 1: This machine has no such file.',
      '/sys/../etc/passwd = 1: It is no file of /sys.',
      '/etc/* = 1: It is no file of /sys.',
      'v = 1: It is no file of /sys.',
    ]);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`sys/many/${index}`, '1']));
    expect(await leftOut('[sysfs]\n/sys/many/*=1', many)).toEqual(['/sys/many/* = 1: It means more than 200 files here.']);
  });

  test('of devices and services', async () => {
    const files = {
      ...under('sys/bus/usb/devices/1-1/power', { autosuspend: 2 }),
      ...under('sys/class/scsi_host/host0', { link_power_management_policy: 'max_performance' }),
      ...under('sys/class/drm/card0/device', { power_method: 'profile', power_dpm_state: 'balanced' }),
    };
    const text = `[audio]\ntimeout=10\nreset_controller=True\n[usb]\nautosuspend=yes\n[scsi_host]\nalpm=min_power\n[video]\nradeon_powersave=strange, dpm-battery, auto
[selinux]\navc_cache_threshold=8192\n[net]\nmtu=9000\ntxqueuelen=5000\nnf_conntrack_hashsize=1048576\n[service]\nservice.cups=stop,disable\nservice.a=file:/x\nservice.b=reload\n[net2]\ntype=net\nmtu=1`;
    expect(await knobs(text, files)).toEqual([
      'sysfs {"path":"/sys/module/snd_hda_intel/parameters/power_save"} 10',
      'sysfs {"path":"/sys/module/snd_ac97_codec/parameters/power_save"} 10',
      'sysfs {"path":"/sys/module/snd_hda_intel/parameters/power_save_controller"} "Y"',
      'sysfs {"path":"/sys/module/snd_ac97_codec/parameters/power_save_controller"} "Y"',
      'sysfs {"path":"/sys/bus/usb/devices/1-1/power/autosuspend"} 1',
      'sysfs {"path":"/sys/class/scsi_host/host0/link_power_management_policy"} "min_power"',
      'sysfs {"path":"/sys/class/drm/card0/device/power_method"} "dpm"',
      'sysfs {"path":"/sys/class/drm/card0/device/power_dpm_state"} "battery"',
      'sysfs {"path":"/sys/fs/selinux/avc/cache_threshold"} 8192',
      'sysfs {"path":"/sys/class/net/eth0/mtu"} 9000',
      'sysfs {"path":"/sys/class/net/eth0/tx_queue_len"} 5000',
      'sysfs {"path":"/sys/module/nf_conntrack/parameters/hashsize"} 1048576',
      'unit {"unit":"cups.service","active":false,"enabled":false}',
    ]);
    expect(await leftOut(text)).toEqual([
      'autosuspend = yes: This machine has no USB devices that can be suspended.',
      'alpm = min_power: This machine has no SATA links whose power is managed.',
      'radeon_powersave = strange, dpm-battery, auto: This machine has no graphics cards under the driver radeon.',
      'service.a = file:/x: It puts a file of its own over that of the service.',
      'service.b = reload: A service can be started, stopped, enabled and disabled, and not reload.',
      'mtu = 1: A unit before it takes all network interfaces that it is for, in tuned too.',
    ]);
  });
});

describe('what a profile does not do', () => {
  test('programs, boot options and units for other machines are listed', async () => {
    const text = `[script]\nscript=\${i:PROFILE_DIR}/s.sh\n[cpu]\nscript_pre=x\n[bootloader]\ncmdline=+quiet\n[rtentsk]\n[strange]\na=1\n[vm]\nb=1
[off]\ntype=vm\nenabled=false\ntransparent_hugepages=never\n[arm]\ntype=sysctl\nuname_regex=aarch64\nvm.swappiness=1\n[amd]\ntype=sysctl\ncpuinfo_regex=AMD\nvm.swappiness=2
[bad]\ntype=sysctl\nuname_regex=(\nvm.swappiness=3\n[udev]\ntype=disk\ndevices_udev_regex=ID=1\nreadahead=1`;
    expect(await knobs(text)).toEqual([]);
    expect(await leftOut(text)).toEqual([
      'script = /usr/lib/tuned/one/s.sh: It is a program, and the programs of a profile are never run.',
      'script_pre = x: It is a program, and the programs of a profile are never run.',
      'cmdline = +quiet: It changes boot options, which take effect with a reboot only and are not ours to write.',
      '[rtentsk]: It holds a socket open that keeps time stamps of packets on, while tuned runs.',
      'a = 1: There is no plugin strange.',
      'b = 1: Its plugin has no such setting.',
      'transparent_hugepages = never: The profile switches its unit off.',
      'vm.swappiness = 1: It is for other kernels than this one: aarch64.',
      'vm.swappiness = 2: It is for other processors than this one: AMD.',
      'vm.swappiness = 3: The regular expression "(" cannot be read.',
      'readahead = 1: It is for devices of which udev says ID=1; that is not looked at.',
    ]);
  });

  test('units that fit the machine are done, in the order of their priority, and the later decides', async () => {
    const text = `[late]\ntype=sysctl\npriority=5\nuname_regex=^Linux box 6\\.12.* x86_64$\nvm.swappiness=1\n[sysctl]\ncpuinfo_regex=^vendor_id.*Intel$\nvm.swappiness=2\nvm.dirty_ratio=3`;
    expect(await knobs(text)).toEqual(['sysctl {"key":"vm.dirty_ratio"} 3', 'sysctl {"key":"vm.swappiness"} 1']);
    expect(await leftOut(text)).toContain('vm.swappiness = 2: /usr/lib/tuned/one/tuned.conf:5 [late] comes later and decides.');
  });

  test('what has no value is not set', async () => {
    const text = '[variables]\na=${f:exec:id}\nb b=1\n[sysctl]\nvm.x=${a}\nvm.y=${none}\nvm.z=${f:exec:id}';
    expect(await knobs(text)).toEqual([]);
    const runs = 'It is the output of a program (id), and the programs of a profile are never run.';
    expect(await leftOut(text)).toEqual([
      `a = \${f:exec:id}: ${runs}`,
      'b b = 1: That is no name of a variable.',
      `vm.x = \${a}: ${runs}`,
      'vm.y = ${none}: The variable ${none} has no value.',
      `vm.z = \${f:exec:id}: ${runs}`,
    ]);
  });
});
