// Real software RAID, btrfs, device mapper: made of RAM disks, broken, and read again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMachine } from '@hecate/metrics';

export const modules = ['brd rd_nr=4 rd_size=131072', 'raid1', 'btrfs', 'dm-mod'];

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const known = ({ value, gap }) => {
  assert.ok(value, JSON.stringify(gap));
  return value;
};

function checkRaid(machine) {
  run('mdadm', '--create', '/dev/md0', '--run', '--metadata=1.2', '--level=1', '--raid-devices=2', '/dev/ram0', '/dev/ram1');
  run('mdadm', '--wait-clean', '/dev/md0');
  const [whole] = known(machine.raid());
  assert.equal(whole.device, 'md0');
  assert.equal(whole.level, 'raid1');
  assert.equal(whole.required, 2);
  assert.equal(whole.degraded, 0);
  assert.deepEqual(whole.components.map(({ component }) => component).toSorted(), ['ram0', 'ram1']);
  run('mdadm', '/dev/md0', '--fail', '/dev/ram1');
  const [broken] = known(machine.raid());
  assert.equal(broken.degraded, 1);
  assert.equal(broken.active, 1);
  assert.ok(broken.components.find(({ component }) => component === 'ram1').states.includes('faulty'));
  run('mdadm', '--stop', '/dev/md0');
  assert.deepEqual(
    known(machine.raid()).filter(({ activity }) => activity === 'active'),
    [],
  );
}

function checkBtrfs(machine) {
  run('mkfs.btrfs', '-q', '-L', 'hecate check', '/dev/ram2');
  const folder = mkdtempSync(join(tmpdir(), 'hecate-btrfs-'));
  run('mount', '/dev/ram2', folder);
  const [filesystem] = known(machine.btrfs());
  assert.equal(filesystem.label, 'hecate check');
  assert.equal(filesystem.devices.length, 1);
  assert.equal(filesystem.devices[0].size, 131_072 * 1024);
  run('umount', folder);
}

function checkVolumes(machine) {
  run('dmsetup', 'create', 'a-name with-hyphens', '--table', '0 2048 linear /dev/ram3 0');
  try {
    const volume = known(machine.volumes()).find(({ name }) => name.includes('hyphens'));
    assert.equal(volume.size, 2048 * 512);
    assert.deepEqual(volume.slaves, ['ram3']);
  } finally {
    run('dmsetup', 'remove', 'a-name with-hyphens');
  }
}

/** Throws at the first difference. */
export function check() {
  const machine = openMachine();
  try {
    checkRaid(machine);
    checkBtrfs(machine);
    checkVolumes(machine);
  } finally {
    machine.close();
  }
}
