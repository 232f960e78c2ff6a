// Installs the Debian packages that tests use. `npm test` calls it after the set-up.
// It only acts as root on a machine with apt-get; anywhere else it says what is missing and the tests that need it skip.
// A package that cannot be installed is a warning, except under CI=true, where skipped tests would hide a broken build.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const forGuest = process.argv.includes('--guest');

/**
 * What the tests use, and what for. `service`: a daemon that the package would start, which we do not want.
 * `guest`: needed only for the checks in a guest machine (npm run test:guest).
 */
const everyPackage = [
  { name: 'chromium', why: 'the dashboard in a real browser' },
  { name: 'procps', why: 'ps and free, to compare our numbers with' },
  { name: 'python3-psutil', why: 'an independent reader of the same kernel files, to compare our numbers with' },
  { name: 'python3-pandas', why: 'statistics to compare ours with, and the yardstick of the benchmark' },
  { name: 'prometheus', why: 'promtool judges our /metrics', service: 'prometheus' },
  { name: 'prometheus-node-exporter', why: 'the names and values that our /metrics must agree with', service: 'prometheus-node-exporter' },
  { name: 'tmux', why: 'a real terminal for the terminal output' },
  { name: 'zsh', why: 'shell completions are run in the shell that they are for' },
  { name: 'fish', why: 'shell completions are run in the shell that they are for' },
  { name: 'gcc', why: 'programs whose processes and threads are counted, and the stand-in for the libraries of macOS' },
  { name: 'libc6-dev', why: 'what gcc needs for both' },
  { name: 'qemu-user', why: 'Node for arm64: the macOS backend is tested on it' },
  { name: 'gcc-aarch64-linux-gnu', why: 'the stand-in for the libraries of macOS, for arm64' },
  { name: 'libc6-dev-arm64-cross', why: 'what that compiler needs' },
  { name: 'libstdc++6-arm64-cross', why: 'what Node for arm64 needs' },
  { name: 'iproute2', why: 'ip and ss, to compare our numbers with, and to make networks to look at' },
  { name: 'ethtool', why: 'settings and counters of network drivers, to compare our numbers with' },
  { name: 'lm-sensors', why: 'sensors, to compare our numbers with', service: 'lm-sensors' },
  { name: 'pciutils', why: 'lspci, to compare our numbers with' },
  { name: 'runc', why: 'a real container' },
  { name: 'dbus-daemon', why: 'a real bus for what is asked of systemd' },
  { name: 'python3-gi', why: 'an independent D-Bus server' },
  { name: 'util-linux-extra', why: 'tools to compare our numbers with' },
  { name: 'xfsprogs', why: 'XFS on a loop device' },
  { name: 'sysstat', why: 'iostat, to compare our numbers with', service: 'sysstat' },
  { name: 'lvm2', why: 'dmsetup and logical volumes', service: 'lvm2-monitor' },
  { name: 'python3-scipy', why: 'an independent judge of the statistics that proofs rest on' },
  { name: 'tuned', why: 'its own loader and plugins judge what we import of its profiles', service: 'tuned' },
  { name: 'nftables', why: 'the firewall, in network namespaces of their own', service: 'nftables' },
  { name: 'libcap2-bin', why: 'setcap: files with capabilities must not lose them' },
  { name: 'e2fsprogs', why: 'ext4 on a loop device' },
  { name: 'influxdb', why: 'a server that takes what we export', service: 'influxdb' },
  { name: 'victoria-metrics', why: 'a server that takes what we export', service: 'victoria-metrics' },
  { name: 'mosquitto', why: 'an MQTT broker that takes what we export', service: 'mosquitto' },
  { name: 'mosquitto-clients', why: 'an independent reader of what an MQTT broker got' },
  { name: 'python3-aiosmtpd', why: 'a mail server that takes our alerts' },
  { name: 'cmark-gfm', why: 'an independent reader of the Markdown of our reports' },
  { name: 'openssl', why: 'certificates for the server, and an independent TLS client' },
  { name: 'qemu-system-x86', why: 'a second machine', guest: true },
  { name: 'busybox-static', why: 'the first program of the guest', guest: true },
  { name: 'kmod', why: 'the kernel modules of the guest', guest: true },
  { name: 'cpio', why: 'the first files of the guest', guest: true },
  { name: 'acpica-tools', why: 'CPU frequencies for the guest', guest: true },
  { name: 'mdadm', why: 'software RAID in the guest', guest: true },
  { name: 'btrfs-progs', why: 'btrfs on a loop device, and in the guest' },
  {
    name: 'smartmontools',
    why: 'SMART: on this machine it must say that there is none, in the guest it finds two disks',
    service: 'smartmontools',
  },
  { name: 'dmsetup', why: 'device mapper in the guest', guest: true },
  { name: 'systemd', why: 'a real service manager in the guest', guest: true },
  { name: 'iw', why: 'Wi-Fi in the guest, to compare our numbers with', guest: true },
];
const packages = everyPackage.filter(({ guest }) => forGuest || !guest);

const say = (text) => process.stderr.write(`hecate test set-up: ${text}\n`);

/** The packages of the table that Debian does not have installed; all of them where there is no dpkg. */
function missingPackages() {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...packages.map(({ name }) => name)], {
    encoding: 'utf8',
  });
  if (asked.error) return null;
  const installed = new Set(
    asked.stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return packages.filter(({ name }) => !installed.has(name));
}

/** Runs apt-get with its output on our standard error. True when it succeeded. */
function apt(...args) {
  const done = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return done.status === 0;
}

const policy = '/usr/sbin/policy-rc.d';
const setAside = `${policy}.before-hecate`;
const ours =
  '#!/bin/sh\n# Written by the test set-up of hecate for the time of one installation: no package may start its daemon.\nexit 101\n';

/**
 * Does `work` while no package may start a service. `policy-rc.d` is how Debian asks that (invoke-rc.d(8)); one that the
 * machine has is set aside and put back, also by the next run if this one is killed.
 */
function withoutServices(work) {
  putBack();
  if (existsSync(policy)) renameSync(policy, setAside);
  writeFileSync(policy, ours);
  chmodSync(policy, 0o755);
  try {
    return work();
  } finally {
    rmSync(policy, { force: true });
    putBack();
  }
}

function putBack() {
  if (existsSync(setAside)) renameSync(setAside, policy);
}

/** A service that Debian enabled while we kept it from starting would start at the next boot. */
function disable(services) {
  if (services.length > 0 && existsSync('/run/systemd/system'))
    spawnSync('systemctl', ['disable', '--quiet', ...services], { stdio: ['ignore', 2, 2] });
}

/** Installs what is missing. Returns what is missing after it. */
function install(wanted) {
  say(`installing ${wanted.map(({ name }) => name).join(' ')}`);
  const lists = '/var/lib/apt/lists';
  const hasLists = existsSync(lists) && readdirSync(lists).some((name) => name.includes('_Packages'));
  if (!hasLists) apt('update');
  const put = (names) => apt('install', '-y', '--no-install-recommends', ...names);
  withoutServices(() => {
    // One name that this Debian does not know fails the whole command; then each gets its own chance.
    if (put(wanted.map(({ name }) => name))) return;
    if (hasLists) apt('update');
    for (const { name } of wanted) put([name]);
  });
  const left = missingPackages();
  disable(wanted.filter((one) => one.service && !left.includes(one)).map(({ service }) => service));
  return left;
}

let missing = missingPackages();
const mayInstall = missing !== null && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
if (mayInstall && missing.length > 0) missing = install(missing);

const left = missing ?? packages;
if (left.length > 0) {
  say(
    missing === null
      ? 'this is not Debian; tests that need these are skipped where they are missing:'
      : 'tests that need these are skipped:',
  );
  for (const { name, why } of left) process.stderr.write(`  ${name.padEnd(26)} ${why}\n`);
  if (missing !== null)
    process.stderr.write(`  As root: apt-get install --no-install-recommends ${left.map(({ name }) => name).join(' ')}\n`);
  if (mayInstall && process.env.CI === 'true') {
    say('CI is set, so a package that cannot be installed is an error.');
    process.exitCode = 1;
  }
}

// The stand-in for macOS: a second with gcc. Without a compiler its tests are skipped and say so.
const built = spawnSync(process.execPath, [fileURLToPath(new URL('../packages/metrics/darwin-fake/build.mjs', import.meta.url))], {
  stdio: ['ignore', 2, 2],
});
if (built.status !== 0) {
  say('the stand-in for macOS could not be built; its tests are skipped.');
  if (process.env.CI === 'true') process.exitCode = 1;
}

// Node and koffi for arm64, from npm, once: 100 MB.
const fetched = spawnSync(
  process.execPath,
  [fileURLToPath(new URL('../packages/metrics/darwin-fake/arm64.mjs', import.meta.url)), '--prepare'],
  {
    stdio: ['ignore', 2, 2],
  },
);
if (fetched.status !== 0) {
  say('Node for arm64 could not be fetched; the macOS backend is not tested on it.');
  if (process.env.CI === 'true') process.exitCode = 1;
}
