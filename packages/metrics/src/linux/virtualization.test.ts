import { spawnSync } from 'node:child_process';
import { openHost } from '@hecate/host';
import { describe, expect, test } from 'vitest';
import type { VirtualizationReading } from '../domain/virtualization.ts';
import { collectGaps } from '../model/gap.ts';
import { runcMissing, startContainer } from './cgroup/runc.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { Tree } from './rooted-tree.testing.ts';
import { virtualization } from './virtualization.ts';

function detect(files: Tree): VirtualizationReading {
  const tree = createTree({ 'proc/cpuinfo': 'model name : X\nflags\t\t: fpu sse\n', ...files });
  try {
    return virtualization.open(tree.host).read(collectGaps([])) as VirtualizationReading;
  } finally {
    tree.remove();
  }
}

const HYPERVISOR: Tree = { 'proc/cpuinfo': 'model name\t: X\nflags\t\t: fpu hypervisor sse\n' };
const clock = (names: string): Tree => ({ 'sys/devices/system/clocksource/clocksource0/available_clocksource': `${names}\n` });
const dmi = (field: string, text: string): Tree => ({ [`sys/class/dmi/id/${field}`]: `${text}\n` });
/** The beginning of an SMBIOS type 0 structure, with the bit of a virtual machine. */
const bios = (isVirtual: boolean): Tree => {
  const bytes = Buffer.alloc(26);
  bytes[1] = 24;
  bytes[19] = isVirtual ? 16 : 0;
  return { 'sys/firmware/dmi/entries/0-0/raw': bytes };
};

describe('virtual machines', () => {
  test.each<[string, Tree, string | null]>([
    ['bare metal', { ...dmi('sys_vendor', 'Dell Inc.'), ...dmi('product_name', 'PowerEdge') }, null],
    ['KVM with its clock, firmware of QEMU', { ...HYPERVISOR, ...clock('kvm-clock tsc'), ...dmi('sys_vendor', 'QEMU') }, 'kvm'],
    ['Firecracker: no firmware', { ...HYPERVISOR, ...clock('tsc kvm-clock') }, 'kvm'],
    ['QEMU without KVM', { ...HYPERVISOR, ...clock('tsc hpet'), ...dmi('sys_vendor', 'QEMU') }, 'qemu'],
    ['QEMU without firmware', { 'proc/cpuinfo': 'model name\t: QEMU TCG CPU version 2.5+\nflags\t: hypervisor\n' }, 'qemu'],
    ['VirtualBox on KVM', { ...HYPERVISOR, ...clock('kvm-clock'), ...dmi('product_name', 'VirtualBox') }, 'oracle'],
    ['VMware', { ...HYPERVISOR, ...clock('tsc'), ...dmi('sys_vendor', 'VMware, Inc.') }, 'vmware'],
    ['Hyper-V', { ...HYPERVISOR, ...clock('hyperv_clocksource_tsc_page'), ...dmi('sys_vendor', 'Microsoft Corporation') }, 'microsoft'],
    ['EC2', { ...HYPERVISOR, ...clock('kvm-clock'), ...dmi('sys_vendor', 'Amazon EC2'), ...dmi('product_name', 'c5.large') }, 'amazon'],
    ['EC2 metal by name', { ...dmi('sys_vendor', 'Amazon EC2'), ...dmi('product_name', 'c5.metal') }, null],
    ['EC2 metal by its firmware', { ...dmi('sys_vendor', 'Amazon EC2'), ...dmi('product_name', 'c5'), ...bios(false) }, null],
    ['EC2 by its firmware', { ...dmi('sys_vendor', 'Amazon EC2'), ...dmi('product_name', 'c5.metal'), ...bios(true) }, 'amazon'],
    ['Google', { ...HYPERVISOR, ...clock('kvm-clock'), ...dmi('product_name', 'Google Compute Engine') }, 'google'],
    ['unknown firmware with the bit', { ...dmi('sys_vendor', 'Acme'), ...bios(true) }, 'vm-other'],
    ['an unknown hypervisor', { ...HYPERVISOR, ...clock('tsc') }, 'vm-other'],
    ['Xen', { 'sys/hypervisor/type': 'xen\n', 'sys/hypervisor/properties/features': '00000000000002a5\n' }, 'xen'],
    ['the privileged domain of Xen', { 'sys/hypervisor/type': 'xen\n', 'sys/hypervisor/properties/features': '00000000000aaf\n' }, null],
    ['the privileged domain of an old Xen', { 'proc/xen/capabilities': 'control_d\n' }, null],
    ['an old Xen', { 'proc/xen/capabilities': '\n' }, 'xen'],
    ['User Mode Linux', { 'proc/cpuinfo': 'vendor_id\t: User Mode Linux\n' }, 'uml'],
    ['arm64 on KVM', { 'proc/device-tree/hypervisor/compatible': 'linux,kvm\0' }, 'kvm'],
    ['arm64 on Xen', { 'proc/device-tree/hypervisor/compatible': 'xen,xen-4.16\0xen,xen\0' }, 'xen'],
    ['arm64 in QEMU', { 'proc/device-tree/fw-cfg@9020000/compatible': 'qemu', 'proc/device-tree/fw-cfg/compatible': 'qemu' }, 'qemu'],
    ['POWER in QEMU', { 'proc/device-tree/compatible': 'qemu,pseries\0' }, 'qemu'],
    ['z/VM', { 'proc/sysinfo': 'Manufacturer:   IBM\nVM00 Control Program: z/VM    6.4.0\n' }, 'zvm'],
  ])('%s', (_name, files, vm) => {
    expect(detect(files)).toEqual({ kind: vm ? 'vm' : 'none', technology: vm, container: null, vm });
  });
});

describe('containers', () => {
  test.each<[string, Tree, string]>([
    ['docker', { '.dockerenv': '' }, 'docker'],
    ['podman', { 'run/.containerenv': 'engine="podman"\n', '.dockerenv': '' }, 'podman'],
    ['systemd-nspawn', { 'run/host/container-manager': 'systemd-nspawn\n' }, 'systemd-nspawn'],
    ['by systemd inside', { 'run/systemd/container': 'lxc\n' }, 'lxc'],
    ['by the environment of process 1', { 'proc/1/environ': 'PATH=/bin\0container=lxc\0TERM=linux\0' }, 'lxc'],
    ['oci with a file', { 'proc/1/environ': 'container=oci\0', 'run/.containerenv': '' }, 'podman'],
    ['oci without one', { 'proc/1/environ': 'container=oci\0' }, 'container-other'],
    ['one that is not known', { 'proc/1/environ': 'container=acme\0' }, 'container-other'],
    ['OpenVZ', { 'proc/vz/vestat': '' }, 'openvz'],
    ['WSL', { 'proc/sys/kernel/osrelease': '5.15.90.1-microsoft-standard-WSL2\n' }, 'wsl'],
    ['by the control group', { 'proc/1/cgroup': `0::/system.slice/crio-${'ab'.repeat(32)}.scope\n` }, 'crio'],
  ])('%s', (_name, files, container) => {
    expect(detect(files)).toEqual({ kind: 'container', technology: container, container, vm: null });
  });

  test('the host of OpenVZ, a control group of a service: no containers', () => {
    expect(detect({ 'proc/vz/vestat': '', 'proc/bc/0': '', 'proc/1/cgroup': '0::/init.scope\n' }).kind).toBe('none');
  });

  test('in a virtual machine both are told', () => {
    expect(detect({ ...HYPERVISOR, ...clock('kvm-clock'), '.dockerenv': '' })).toEqual({
      kind: 'container',
      technology: 'docker',
      container: 'docker',
      vm: 'kvm',
    });
  });
});

const judge = spawnSync('systemd-detect-virt', ['--version']).status === 0 ? null : 'systemd is not installed (apt-get install systemd)';
if (judge) console.warn(`SKIPPED: what systemd-detect-virt says: ${judge}`);

test.skipIf(judge)('this machine is what systemd-detect-virt says', () => {
  const say = (option: string): string | null => {
    const { stdout } = spawnSync('systemd-detect-virt', [option], { encoding: 'utf8' });
    return stdout.trim() === 'none' ? null : stdout.trim();
  };
  const reading = virtualization.open(openHost()).read(collectGaps([]));
  expect(reading).toMatchObject({ container: say('--container'), vm: say('--vm') });
});

const noContainer = runcMissing();
if (noContainer) console.warn(`SKIPPED: process 1 of a container of runc: ${noContainer}`);

test.skipIf(noContainer)('the control group of process 1 of a container of runc names its engine', () => {
  const container = startContainer('docker', {});
  try {
    expect(detect({ 'proc/1/cgroup': container.exec('/bin/cat', '/proc/1/cgroup') }).container).toBe('docker');
  } finally {
    container.remove();
  }
});
