// Makes what a guest boots from, in build/guest: Debian's kernel with its modules, an initramfs, an ACPI table.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(dirname(dirname(here)), 'build', 'guest');

/** Modules that the guest needs before it sees the files of this machine; later ones it loads from there. */
const BOOT_MODULES = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'qemu_fw_cfg'];

/** Runs a program to its end; its output, or an error that holds what it said. */
function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (done.error) throw new Error(`${program}: ${done.error.message}`);
  if (done.status !== 0) throw new Error(`${program} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}

/** Name of the package that holds Debian's newest kernel of this release. */
function kernelPackage() {
  const name = /Depends: (linux-image-\d\S*)/.exec(run('apt-cache', ['depends', 'linux-image-amd64']))?.[1];
  if (!name) throw new Error('apt-cache names no kernel: run apt-get update.');
  return name;
}

/** Downloads and unpacks the kernel, unless it is there. */
function unpackKernel(name, into) {
  if (existsSync(join(into, 'done'))) return;
  rmSync(into, { recursive: true, force: true });
  const download = join(folder, 'download');
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  // apt downloads as its own user, which may not write here: that is a warning, not an error.
  run('apt-get', ['-q', 'download', name], { cwd: download });
  run('dpkg-deb', ['-x', join(download, readdirSync(download)[0]), into]);
  run('depmod', ['-b', into, name.slice('linux-image-'.length)]);
  rmSync(download, { recursive: true, force: true });
  writeFileSync(join(into, 'done'), '');
}

function makeInitramfs(kernel, release, target) {
  const tree = join(folder, 'initramfs');
  rmSync(tree, { recursive: true, force: true });
  for (const directory of ['bin', 'proc', 'sys', 'dev']) mkdirSync(join(tree, directory), { recursive: true });
  cpSync('/bin/busybox', join(tree, 'bin', 'busybox'));
  cpSync(join(here, 'init'), join(tree, 'init'));
  run('chmod', ['755', join(tree, 'init')]);
  const modules = join(tree, 'lib', 'modules', release);
  mkdirSync(modules, { recursive: true });
  for (const name of BOOT_MODULES) {
    for (const line of run('modprobe', ['-d', kernel, '-S', release, '--show-depends', name]).split('\n')) {
      const file = /^insmod (\S.*?)\s*$/.exec(line)?.[1];
      if (!file) continue;
      const inside = file.slice(file.indexOf(`/lib/modules/${release}/`));
      mkdirSync(dirname(join(tree, inside)), { recursive: true });
      cpSync(file, join(tree, inside));
    }
  }
  for (const file of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'])
    cpSync(join(kernel, 'lib', 'modules', release, file), join(modules, file));
  run('depmod', ['-b', tree, release]);
  const names = run('find', ['.', '-print0'], { cwd: tree });
  const archive = spawnSync('cpio', ['--null', '-o', '-H', 'newc', '--quiet', '-R', '0:0'], {
    cwd: tree,
    input: names,
    maxBuffer: 1 << 28,
  });
  if (archive.status !== 0) throw new Error(`cpio: ${archive.stderr.toString()}`);
  writeFileSync(`${target}.new`, archive.stdout);
  renameSync(`${target}.new`, target);
}

/**
 * What a guest of this checkout boots from: paths of kernel, initramfs, ACPI table and modules. Made once; throws with
 * a sentence that says why where it cannot be made.
 */
export function prepareGuest() {
  if (process.arch !== 'x64') throw new Error('The guest is a PC: it is only made on x86-64.');
  mkdirSync(folder, { recursive: true });
  const name = kernelPackage();
  const release = name.slice('linux-image-'.length);
  const kernel = join(folder, name);
  unpackKernel(name, kernel);
  const initramfs = join(folder, 'initramfs.cpio');
  const stamp = join(folder, 'initramfs.of');
  const of = `${release}\n${readFileSync(join(here, 'init'), 'utf8')}`;
  if (!existsSync(initramfs) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== of) {
    makeInitramfs(kernel, release, initramfs);
    writeFileSync(stamp, of);
  }
  const acpi = join(folder, 'acpi-cpufreq.aml');
  if (!existsSync(acpi)) run('iasl', ['-p', join(folder, 'acpi-cpufreq'), join(here, 'acpi-cpufreq.asl')]);
  return {
    folder,
    release,
    kernel: join(kernel, 'boot', `vmlinuz-${release}`),
    initramfs,
    acpi,
    modules: join(kernel, 'lib', 'modules', release),
  };
}
