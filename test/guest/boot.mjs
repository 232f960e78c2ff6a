// Boots a guest and runs a script in it: a second, complete Linux machine that sees the files of this one and changes none.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const QEMU = 'qemu-system-x86_64';

/** Two nodes of memory, so that there is something to place. */
const numa = (megabytes) =>
  [0, 1].flatMap((node) => [
    '-object',
    `memory-backend-ram,id=memory${node},size=${megabytes / 2}M`,
    '-numa',
    `node,nodeid=${node},memdev=memory${node},cpus=${node}`,
  ]);

/**
 * Runs `script` (bash) as root in a guest. Resolves with its exit status when the guest has powered off.
 * `onLine` gets each line of its console. Rejects when the guest does not come up, or not to its end in `seconds`.
 */
export function bootGuest(guest, script, { megabytes = 2048, seconds = 1200, append = '', extra = [], onLine = () => {} } = {}) {
  const scriptFile = join(guest.folder, 'script.sh');
  const modulesFile = join(guest.folder, 'modules-path');
  writeFileSync(scriptFile, script);
  writeFileSync(modulesFile, guest.modules);
  // Emulation and not KVM: it works everywhere, and is fast enough for checks.
  const qemu = spawn(
    QEMU,
    [
      ...['-machine', 'q35,accel=tcg', '-cpu', 'Haswell,vendor=GenuineIntel', '-m', `${megabytes}`, '-smp', '2', ...numa(megabytes)],
      ...['-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio', '-acpitable', `file=${guest.acpi}`],
      ...['-kernel', guest.kernel, '-initrd', guest.initramfs, '-append', `console=ttyS0 panic=-1 quiet ${append}`],
      ...['-fw_cfg', `name=opt/hecate/script,file=${scriptFile}`, '-fw_cfg', `name=opt/hecate/modules,file=${modulesFile}`],
      // Disks that hold nothing, for what reads disks: one NVMe, one ATA.
      ...['-blockdev', 'null-co,node-name=empty-nvme,size=1073741824', '-device', 'nvme,serial=HECATE-NVME,drive=empty-nvme'],
      ...['-blockdev', 'null-co,node-name=empty-ata,size=1073741824', '-device', 'ide-hd,serial=HECATE-ATA,drive=empty-ata'],
      ...['-virtfs', 'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap'],
      ...extra,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return new Promise((resolve, reject) => {
    let status = null;
    let complaint = '';
    let partial = '';
    const timer = setTimeout(() => {
      complaint = `The guest was not done after ${seconds} s.`;
      qemu.kill('SIGKILL');
    }, seconds * 1000);
    qemu.on('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${QEMU} does not start: ${error.message}`));
    });
    qemu.stderr.on('data', (data) => {
      complaint += data;
    });
    qemu.stdout.setEncoding('utf8').on('data', (data) => {
      const lines = (partial + data).split(/\r?\n/);
      partial = lines.pop();
      for (const line of lines) {
        const exit = /^GUEST-EXIT (\d+)$/.exec(line);
        if (exit) status = Number(exit[1]);
        // The firmware clears the screen.
        onLine(stripVTControlCharacters(line).replaceAll('\u001bc', ''));
      }
    });
    qemu.on('close', () => {
      clearTimeout(timer);
      if (status === null) reject(new Error(`The guest ended without an answer. ${complaint}`));
      else resolve(status);
    });
  });
}
