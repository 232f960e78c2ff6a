// node test/guest/changes-panic.mjs: a kernel that panics while changes are made and undone, over a disk image that outlives it. Each boot
// recovers what the one before left, and every file must be as before, byte for byte.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootGuest } from './boot.mjs';
import { digestOf } from './changes-tree.mjs';
import { prepareGuest } from './prepare.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

/** What a boot does when it has recovered, and at which of its writes the kernel panics; null: it ends in peace. */
const BOOTS = [
  { work: 'apply', panicAt: 3, when: 'before' },
  { work: 'apply', panicAt: 5, when: 'after' },
  { work: 'rollback', panicAt: 4, when: 'after' },
  { work: 'apply', panicAt: 0, when: 'after' },
  { work: 'nothing', panicAt: null, when: 'before' },
];

function makeTree(tree) {
  mkdirSync(join(tree, 'etc/conf.d'), { recursive: true });
  for (let number = 0; number < 6; number++)
    writeFileSync(join(tree, 'etc', `file-${number}.conf`), `file ${number}\n`.repeat(number * 500 + 1));
  chmodSync(join(tree, 'etc/file-1.conf'), 0o600);
  symlinkSync('file-0.conf', join(tree, 'etc/link'));
}

const missing = ['qemu-system-x86_64', 'busybox', 'depmod', 'cpio', 'iasl', 'apt-get', 'mkfs.ext4', 'fsck.ext4'].filter(
  (program) => spawnSync(program, ['-V']).error,
);
if (missing.length > 0) {
  process.stderr.write(`\nPANIC CHECK SKIPPED: ${missing.join(', ')} not installed. As root: node scripts/test-setup.mjs --guest\n\n`);
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
} else {
  const top = mkdtempSync(join(tmpdir(), 'hecate-panic-'));
  try {
    await check(top);
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

async function check(top) {
  const tree = join(top, 'tree');
  const image = join(top, 'image');
  makeTree(tree);
  const wanted = digestOf(join(tree, 'etc'));
  writeFileSync(image, '');
  truncateSync(image, 64 << 20);
  const made = spawnSync('mkfs.ext4', ['-q', '-F', '-E', 'root_owner=0:0', '-d', tree, image], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`mkfs.ext4: ${made.stderr}`);
  const guest = prepareGuest();
  for (const [number, { work, panicAt, when }] of BOOTS.entries()) {
    const said = [];
    const script = `cd '${root}' && exec '${process.execPath}' '${join(here, 'changes-panic-inside.mjs')}' ${work} ${panicAt ?? 'never'} ${when}\n`;
    const status = await bootGuest(guest, script, {
      megabytes: 1024,
      extra: ['-drive', `file=${image},format=raw,if=virtio`],
      onLine: (line) => said.push(line),
    }).catch((error) => error.message);
    const tell = (pattern) => said.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined);
    const isPanic = said.some((line) => line.includes('Kernel panic'));
    const found = tell(/^FILES ([0-9a-f]{64})$/);
    const recovered = tell(/^RECOVERED (.*)$/);
    if (found !== wanted || recovered === undefined || isPanic !== (panicAt !== null) || (panicAt === null && status !== 0)) {
      throw new Error(
        `Boot ${number}: files ${found}, wanted ${wanted}; panic ${isPanic}; ended with ${status}.\n${said.slice(-40).join('\n')}`,
      );
    }
    process.stdout.write(
      `boot ${number}: recovered ${recovered}; files as before; ${isPanic ? `panicked ${when} write ${panicAt} of ${work}` : 'ended in peace'}\n`,
    );
  }
  const checked = spawnSync('fsck.ext4', ['-f', '-n', image], { encoding: 'utf8' });
  if (checked.status !== 0) throw new Error(`fsck.ext4: ${checked.stdout}${checked.stderr}`);
  process.stdout.write(`ok changes-panic: ${BOOTS.filter(({ panicAt }) => panicAt !== null).length} panics\n`);
}
