import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { openEngine, openHandlers } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { detect } from '../detect.ts';
import { parseProfile } from '../parse-profile.ts';
import { planProfile } from '../plan.ts';
import { createLook } from './look.ts';
import { createMachine, disk, kernel, nic, under } from './machine-tree.testing.ts';
import type { Tree } from './machine-tree.testing.ts';

const BRIDGE = 'sys/devices/pci0000:00/0000:00:01.0';

/** A device on PCI below a bridge, with its messages, and the link by which its class finds it. */
function onPci(slot: string, messages: readonly number[], device: string, place: string): Tree {
  const directory = `${BRIDGE}/0000:${slot}`;
  return {
    ...Object.fromEntries(
      Object.entries(device.startsWith('nvme') ? disk(device, 512, 0, '[none]') : nic(device, 'ixgbe', 10_000)).map(([file, content]) => [
        file.replace(/^sys\/(?:block|class\/net)\/[^/]+/, `${directory}/${place}/${device}`),
        content,
      ]),
    ),
    [`sys/bus/pci/devices/0000:${slot}`]: { link: `../../../${directory.slice('sys/'.length)}` },
    ...under(`${directory}/msi_irqs`, Object.fromEntries(messages.map((irq) => [irq, 'msix']))),
    [`sys/${device.startsWith('nvme') ? 'block' : 'class/net'}/${device}`]: {
      link: `${device.startsWith('nvme') ? '..' : '../..'}/${directory.slice('sys/'.length)}/${place}/${device}`,
    },
  };
}

const INTERRUPTS = `            CPU0       CPU1
   0:         44          0  IR-IO-APIC    2-edge      timer
  24:          0          0  PCI-MSI 524288-edge
  30:          7          1  IR-PCI-MSIX-0000:02:00.0    0-edge      eth0-TxRx-0
  31:          7          1  IR-PCI-MSIX-0000:03:00.0    0-edge      nvme0q0
  32:          7          1  IR-PCI-MSIX-0000:03:00.0    1-edge      nvme0q1
  33:          7          1     GICv3  79 Level     eth1
  34:          7          1  PCI-MSIX-0000:05:00.0   1-edge      virtio1-req.0
  35:          7          1  IO-APIC   16-fasteoi   pciehp, i801_smbus
 NMI:          0          0   Non-maskable interrupts
 ERR:          0
`;

const treeOf = (release: string): Tree => ({
  ...kernel(release, 'x86_64'),
  'proc/interrupts': INTERRUPTS,
  ...Object.assign({}, ...[0, 24, 30, 31, 32, 33, 34, 35].map((irq) => under(`proc/irq/${irq}`, { smp_affinity_list: '0-1' }))),
  ...under('proc/irq', { default_smp_affinity: '3' }),
  ...under('proc/sys/kernel/random', { boot_id: 'one' }),
  ...onPci('02:00.0', [30], 'eth0', 'net'),
  ...onPci('03:00.0', [31, 32], 'nvme0n1', 'nvme/nvme0'),
  ...nic('eth1', 'macb', 1000),
  ...Object.fromEntries(
    Object.entries(disk('vda', 80, 0, 'none')).map(([file, content]) => [file.replace('sys/block', `${BRIDGE}/virtio1/block`), content]),
  ),
  'sys/block/vda': { link: `../${BRIDGE.slice('sys/'.length)}/virtio1/block/vda` },
  ...under('sys/devices/system/cpu', { online: '0-1', isolated: '1' }),
});

test('whose the interrupts are, and which of them can be moved: the bits say it since Linux 6.12', async () => {
  const tree = createMachine(treeOf('6.12.1'));
  try {
    for (const irq of [0, 32, 34]) chmodSync(path.join(tree.host.root, `proc/irq/${irq}/smp_affinity_list`), 0o444);
    const { irqs } = await detect(tree.host);
    expect(irqs.map(({ irq, name, device, settable }) => [irq, name, device, settable])).toEqual([
      [0, 'timer', null, false],
      [24, '', null, true],
      [30, 'eth0-TxRx-0', 'eth0', true],
      [31, 'nvme0q0', 'nvme0n1', true],
      [32, 'nvme0q1', 'nvme0n1', false],
      [33, 'eth1', 'eth1', true],
      [34, 'virtio1-req.0', 'vda', false],
      [35, 'pciehp, i801_smbus', null, true],
    ]);
    expect(irqs[0]!.cpus).toEqual([0, 1]);
  } finally {
    tree.remove();
  }
});

test('before it only those of interfaces are known to be; they are moved and brought back by the engine', async () => {
  const tree = createMachine(treeOf('6.1.0-28-amd64'));
  const read = (): string[] =>
    [30, 33, 31].map((irq) => readFileSync(path.join(tree.host.root, `proc/irq/${irq}/smp_affinity_list`), 'utf8').trim());
  try {
    const facts = await detect(tree.host);
    expect(facts.irqs.filter(({ settable }) => settable).map(({ irq }) => irq)).toEqual([30, 33]);
    const entry = 'knob = "irq-affinity"\ncpus = "housekeeping"\ndevices = "all"\nwhy = "Why."\nsource = "doc"\n';
    const profile = parseProfile(`name = "mine"\ntitle = "x"\nsummary = "x"\n[[knobs]]\n${entry}`, 'mine.toml');
    const { plan, skipped } = planProfile(facts, profile, createLook(tree.host));
    expect(skipped.map(({ why }) => why)).toEqual([expect.stringMatching(/^6 of 8 interrupts of devices /)]);
    const directory = path.join(tree.host.root, 'journal');
    const engine = openEngine({ host: openWritableHost(tree.host), handlers: openHandlers(), directory });
    const { id } = await engine.apply(plan);
    expect(read()).toEqual(['0', '0', '0-1']);
    await engine.rollBack(id);
    expect(read()).toEqual(['0-1', '0-1', '0-1']);
  } finally {
    tree.remove();
  }
});

test('a machine without /proc/irq has none', async () => {
  const tree = createMachine({ ...kernel('6.12.1', 'x86_64'), 'proc/interrupts': INTERRUPTS });
  try {
    expect((await detect(tree.host)).irqs).toEqual([]);
  } finally {
    tree.remove();
  }
});

const isHere = existsSync('/proc/irq');
if (!isHere) console.warn('SKIPPED: the interrupts of this machine: there is no /proc/irq.');

test.skipIf(!isHere)('this machine: all interrupts, with the names that the kernel gives their directories', async () => {
  const { irqs, kernel: running } = await detect(openHost());
  expect(irqs.map(({ irq }) => String(irq)).toSorted()).toEqual(
    readdirSync('/proc/irq')
      .filter((name) => /^\d+$/.test(name))
      .toSorted(),
  );
  const [major, minor] = running.version;
  for (const { irq, name, cpus, settable } of irqs) {
    // The kernel makes a directory for each name that can be one.
    const names = readdirSync(`/proc/irq/${irq}`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const entry of names) expect(name.split(', ')).toContain(entry.name);
    expect(cpus.length).toBeGreaterThan(0);
    const bits = (statSync(`/proc/irq/${irq}/smp_affinity_list`).mode & 0o200) !== 0;
    if (major > 6 || (major === 6 && minor >= 12)) expect(settable).toBe(bits);
    else expect(settable && !bits).toBe(false);
  }
});
