// Control groups of version 2: our own limits, containers and units by their groups, against the kernel's files.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';

const ROOT = '/sys/fs/cgroup';
const ID = 'a1b2c3d4'.repeat(8);
const read = (path) => readFileSync(`${ROOT}/${path}`, 'utf8');
const write = (path, content) => writeFileSync(`${ROOT}/${path}`, content);
const line = (path, key) => Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(read(path))[1]);
const ROUNDING = 1e-6;

/** A snapshot of some collectors, by a sampler that knows nothing yet. */
async function look(...only) {
  const sampler = openSampler(openHost(), { only });
  try {
    const snapshot = await sampler.take(60);
    for (const { collector, success } of snapshot.runs) assert.ok(success, `${collector}: ${JSON.stringify(snapshot.gaps)}`);
    return snapshot;
  } finally {
    sampler.close();
  }
}

/** Makes groups, each with all controllers, and removes them with what is in them. */
function openGroups() {
  const made = [];
  return {
    make(path) {
      const names = path.split('/');
      for (let depth = 1; depth <= names.length; depth++) {
        const group = names.slice(0, depth).join('/');
        const above = names.slice(0, depth - 1).join('/');
        write(join(above, 'cgroup.subtree_control'), '+cpu +memory +pids +io +cpuset');
        if (existsSync(`${ROOT}/${group}`)) continue;
        mkdirSync(`${ROOT}/${group}`);
        made.push(group);
      }
    },
    async remove() {
      for (const group of made.reverse()) {
        write(`${group}/cgroup.kill`, '1');
        while (/^populated 1$/m.test(read(`${group}/cgroup.events`))) await new Promise((resolve) => setTimeout(resolve, 20));
        rmdirSync(`${ROOT}/${group}`);
      }
    },
  };
}

/** Starts a program inside a group; it is there before it runs. */
function start(group, ...argv) {
  return spawn('sh', ['-c', `echo $$ > ${ROOT}/${group}/cgroup.procs; exec "$@"`, 'sh', ...argv], { stdio: 'ignore' });
}

/** Our own group: the smallest limit counts, figures lie between those of the files before and after. */
async function ownGroup() {
  const groups = openGroups();
  try {
    const group = 'system.slice/hecate-check.service';
    groups.make(group);
    write('system.slice/memory.max', String(900 << 20));
    write(`${group}/memory.max`, String(1200 << 20));
    write(`${group}/memory.high`, String(1000 << 20));
    write(`${group}/cpu.max`, '150000 100000');
    write('system.slice/cpu.max', 'max 50000');
    write('system.slice/pids.max', '500');
    write(`${group}/cpuset.cpus`, '1');
    write(`${group}/cgroup.procs`, String(process.pid));
    const before = [line(`${group}/cpu.stat`, 'usage_usec'), line(`${group}/cpu.stat`, 'nr_periods')];
    const { cgroup, units } = await look('cgroup', 'units');
    const after = [line(`${group}/cpu.stat`, 'usage_usec'), line(`${group}/cpu.stat`, 'nr_periods')];
    const { memoryLimit, memoryHigh, cpuLimit, pidsLimit, path, version, cpus } = cgroup;
    assert.deepEqual(
      { memoryLimit, memoryHigh, cpuLimit, pidsLimit, path, version, cpus },
      { memoryLimit: 900 << 20, memoryHigh: 1000 << 20, cpuLimit: 1.5, pidsLimit: 500, path: `/${group}`, version: 2, cpus: 1 },
    );
    assert.ok(cgroup.cpuUsage >= before[0] / 1e6 - ROUNDING && cgroup.cpuUsage <= after[0] / 1e6 + ROUNDING);
    assert.ok(cgroup.periods >= before[1] && cgroup.periods <= after[1]);
    assert.ok(cgroup.pids > 5 && cgroup.memoryUsage > 0 && cgroup.workingSet <= cgroup.memoryUsage);
    assert.ok(cgroup.pressure.cpu.some.total >= 0 && cgroup.pressure.memory && cgroup.pressure.io);
    const unit = units.units.find(({ name }) => name === 'hecate-check.service');
    assert.equal(unit.path, `/${group}`);
    assert.ok(unit.cpuUsage > 0 && unit.tasks > 5 && unit.memoryUsage > 0);
  } finally {
    write('cgroup.procs', String(process.pid));
    await groups.remove();
  }
}

/** A container of docker by its group: throttled, out of memory, frozen, gone. */
async function container() {
  const groups = openGroups();
  const group = `system.slice/docker-${ID}.scope`;
  try {
    groups.make(group);
    write(`${group}/memory.max`, String(40 << 20));
    if (existsSync(`${ROOT}/${group}/memory.swap.max`)) write(`${group}/memory.swap.max`, '0');
    write(`${group}/cpu.max`, '20000 100000');
    write(`${group}/pids.max`, '30');
    start(group, 'unshare', '--net', 'sleep', '100000');
    const eater = start(group, 'tail', '/dev/zero');
    await once(eater, 'exit');
    const sampler = openSampler(openHost(), { only: ['containers'], slowPeriod: 0 });
    const find = async () => (await sampler.take(60)).containers.find(({ id }) => id === ID);
    const row = await find();
    assert.equal(row.path, `/${group}`);
    assert.deepEqual(
      [row.runtime, row.memoryLimit, row.cpuLimit, row.pidsLimit, row.pids, row.frozen],
      ['docker', 40 << 20, 0.2, 30, 1, false],
    );
    assert.equal(row.oomKills, line(`${group}/memory.events`, 'oom_kill'));
    assert.equal(row.oomKills, 1);
    assert.equal(row.limitHits, line(`${group}/memory.events`, 'max'));
    assert.ok(row.limitHits > 0);
    assert.equal(row.throttledPeriods, line(`${group}/cpu.stat`, 'nr_throttled'));
    assert.ok(row.throttledPeriods > 0 && row.throttledTime > 0);
    assert.ok(Math.abs(row.throttledTime - line(`${group}/cpu.stat`, 'throttled_usec') / 1e6) < ROUNDING);
    assert.ok(row.pressure.memory.some.total > 0);
    assert.deepEqual(
      row.network.map(({ device, receiveBytes }) => [device, receiveBytes]),
      [['lo', 0]],
    );
    assert.ok(row.startTime > Date.now() / 1000 - 3600 && row.startTime <= Date.now() / 1000 + 1);
    write(`${group}/cgroup.freeze`, '1');
    while (line(`${group}/cgroup.events`, 'frozen') !== 1) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await find()).frozen, true);
    await groups.remove();
    assert.equal(await find(), undefined);
    sampler.close();
  } finally {
    if (existsSync(`${ROOT}/${group}`)) await groups.remove();
  }
}

/** A container of runc, which makes groups of v2 by itself: found by its path, with its limits. */
async function runc() {
  if (spawnSync('runc', ['--version']).error) {
    process.stdout.write('SKIPPED: a container of runc: it is not installed (apt-get install runc)\n');
    return;
  }
  const bundle = mkdtempSync(join(tmpdir(), 'hecate-runc-'));
  const run = (...argv) => spawnSync('runc', ['--root', join(bundle, 'state'), ...argv], { cwd: bundle, stdio: 'ignore' });
  const id = 'fedcba98'.repeat(8);
  try {
    mkdirSync(join(bundle, 'rootfs'));
    execFileSync('runc', ['spec'], { cwd: bundle });
    const spec = JSON.parse(readFileSync(join(bundle, 'config.json'), 'utf8'));
    delete spec.process.rlimits;
    spec.process.terminal = false;
    spec.process.args = ['/bin/sleep', '100000'];
    spec.root.readonly = false;
    spec.linux.cgroupsPath = `/docker/${id}`;
    spec.linux.resources = { memory: { limit: 64 << 20 }, cpu: { quota: 50_000, period: 100_000 }, pids: { limit: 20 } };
    for (const directory of ['/usr', '/bin', '/lib', '/lib64'])
      spec.mounts.push({ destination: directory, type: 'bind', source: directory, options: ['rbind', 'ro'] });
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec));
    assert.equal(
      run('--log', join(bundle, 'log'), 'run', '--detach', id).status,
      0,
      existsSync(join(bundle, 'log')) ? readFileSync(join(bundle, 'log'), 'utf8') : '',
    );
    const { containers } = await look('containers');
    const row = containers.find((found) => found.id === id);
    assert.deepEqual([row.path, row.runtime, row.memoryLimit, row.cpuLimit, row.pidsLimit], [`/docker/${id}`, 'docker', 64 << 20, 0.5, 20]);
    assert.ok(row.pids > 0 && row.cpuUsage > 0 && row.memoryUsage > 0 && row.network[0].device === 'lo');
  } finally {
    run('delete', '--force', id);
    if (existsSync(`${ROOT}/docker`)) rmdirSync(`${ROOT}/docker`);
    rmSync(bundle, { recursive: true, force: true });
  }
}

/** What the guest runs in: QEMU without KVM, and systemd-detect-virt agrees. */
async function virtual() {
  const { virtualization } = await look('virtualization');
  const { stdout } = spawnSync('systemd-detect-virt', ['--vm'], { encoding: 'utf8' });
  assert.equal(virtualization.vm, stdout.trim());
  assert.equal(virtualization.vm, 'qemu');
}

/** What systemd's own program says of units, by name. */
const LIST = ['systemctl', 'list-units', '--all', '--full', '--no-pager', '--output=json'];

/** Prints what our collector reads; runs where systemd is process 1. */
const READ = `
  import { openHost } from '${import.meta.resolve('@hecate/host')}';
  import { openSampler } from '${import.meta.resolve('@hecate/metrics')}';
  const sampler = openSampler(openHost(), { only: ['units', 'virtualization'] });
  const { units, virtualization, gaps } = await sampler.take(60);
  sampler.close();
  process.stdout.write(JSON.stringify({ units, virtualization, gaps }));
`;

/** Starts systemd as process 1 of namespaces of its own, with two services, in a group that it takes for the root. */
const BOOT = `
  until [ -e "$0" ]; do sleep 0.1; done
  mount --make-rprivate /
  umount /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  mount -t tmpfs tmpfs /run
  mkdir -p /run/systemd/system
  cd /run/systemd/system
  printf '[Unit]\\nDefaultDependencies=no\\n[Service]\\nType=exec\\nExecStart=/bin/sleep 100000\\nMemoryAccounting=yes\\nCPUAccounting=yes\\nTasksAccounting=yes\\n' > hecate-good.service
  printf '[Unit]\\nDefaultDependencies=no\\n[Service]\\nType=oneshot\\nExecStart=/bin/false\\n' > hecate-bad.service
  printf '[Unit]\\nDefaultDependencies=no\\n[Timer]\\nOnActiveSec=1\\nAccuracySec=1ms\\nUnit=hecate-good.service\\n' > hecate-tick.timer
  printf '[Unit]\\nDefaultDependencies=no\\nWants=hecate-good.service hecate-bad.service hecate-tick.timer\\n' > hecate.target
  exec env -i container=hecate PATH="$PATH" /lib/systemd/systemd --system --unit=hecate.target --log-target=null --show-status=no
`;

async function systemd() {
  if (!existsSync('/lib/systemd/systemd') || spawnSync('systemctl', ['--version']).error) {
    process.stdout.write('SKIPPED: units of a real systemd: it is not installed (apt-get install systemd)\n');
    return;
  }
  openGroups().make('hecate-systemd');
  const directory = mkdtempSync(join(tmpdir(), 'hecate-systemd-'));
  const starter = start(
    'hecate-systemd',
    'unshare',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount',
    '--mount-proc',
    '--cgroup',
    'sh',
    '-ec',
    BOOT,
    join(directory, 'go'),
  );
  try {
    let pid;
    // The process that unshare made, which becomes systemd.
    while (!pid) {
      pid = read('hecate-systemd/cgroup.procs')
        .split('\n')
        .find((number) => number && Number(number) !== starter.pid);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // A group with processes of its own gives no controllers to those below: systemd leaves it, and so must unshare.
    write('cgroup.procs', String(starter.pid));
    writeFileSync(join(directory, 'go'), '');
    const inside = (...argv) => {
      const { status, stdout, stderr } = spawnSync('nsenter', ['--target', pid, '--pid', '--mount', '--cgroup', ...argv], {
        encoding: 'utf8',
        maxBuffer: 1 << 24,
      });
      return status === 0 ? stdout : assert.fail(`${argv.join(' ')}: ${stderr}`);
    };
    const list = () => new Map(JSON.parse(inside(...LIST)).map((unit) => [unit.unit, unit]));
    const stands = () => {
      try {
        const units = list();
        return units.get('hecate-good.service')?.sub === 'running' && units.get('hecate-bad.service')?.active === 'failed';
      } catch {
        // Not yet: systemd does not listen before it stands.
        return false;
      }
    };
    const end = Date.now() + 120_000;
    while (!stands()) {
      assert.ok(Date.now() < end, 'systemd did not come up');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const before = list();
    const { units, virtualization, gaps } = JSON.parse(inside(process.execPath, '--input-type=module', '-e', READ));
    const after = list();
    assert.deepEqual(gaps, []);
    assert.equal(virtualization.container, 'container-other');
    const ours = new Map(units.units.map((unit) => [unit.name, unit]));
    let compared = 0;
    for (const [name, { load, active, sub }] of before) {
      const later = after.get(name);
      if (later?.active !== active || later.sub !== sub) continue;
      compared++;
      const { load: ourLoad, active: ourActive, sub: ourSub } = ours.get(name) ?? {};
      assert.deepEqual({ name, load: ourLoad, active: ourActive, sub: ourSub }, { name, load, active, sub });
    }
    assert.ok(compared > 5, `${compared} units`);
    const good = ours.get('hecate-good.service');
    assert.deepEqual([good.type, good.restarts, good.tasks, good.path], ['exec', 0, 1, '/system.slice/hecate-good.service']);
    assert.ok(good.cpuUsage > 0 && good.memoryUsage > 0);
    assert.equal(ours.get('hecate-bad.service').type, 'oneshot');
    const version = inside('systemctl', 'show', '--property=Version', '--value').trim();
    assert.equal(units.version, version);
    assert.ok(['starting', 'degraded', 'running'].includes(units.systemState));
    const triggered = inside('systemctl', 'show', 'hecate-tick.timer', '--property=LastTriggerUSec', '--value').trim();
    if (ours.get('hecate-tick.timer').lastTrigger !== null)
      assert.equal(
        Math.floor(ours.get('hecate-tick.timer').lastTrigger),
        Math.floor(Date.parse(triggered.replace(/^\w+ /, '').replace(' UTC', 'Z').replace(' ', 'T')) / 1000),
      );
    process.stdout.write(`${compared} units are as systemctl says; the version is ${version}\n`);
  } finally {
    starter.kill('SIGKILL');
    await removeTree('hecate-systemd');
    rmSync(directory, { recursive: true });
  }
}

/** Kills all that is in a group and below, and removes it. */
async function removeTree(group) {
  write(`${group}/cgroup.kill`, '1');
  while (/^populated 1$/m.test(read(`${group}/cgroup.events`))) await new Promise((resolve) => setTimeout(resolve, 20));
  execFileSync('find', [`${ROOT}/${group}`, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
}

export async function check() {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  assert.match(mounts, / \/sys\/fs\/cgroup .* - cgroup2 /);
  await ownGroup();
  await container();
  await runc();
  await virtual();
  await systemd();
}
