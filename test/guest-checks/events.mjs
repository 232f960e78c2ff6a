// Events that need another kernel: power supplies, control groups of version 2, short windows of pressure, a clock that is set.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { nativeBuffer, openHost, openNative } from '@hecate/host';
import { watchEvents } from '@hecate/metrics';

export const modules = ['dummy', 'i2c-dev', 'acpi-cpufreq'];

const GROUPS = '/sys/fs/cgroup';
const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });
const descriptors = () =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`).replace(/\d+/g, '')];
    } catch {
      return []; // The one that lists them.
    }
  });

/** Opens a watch and waits until all is open. `until` waits for an event that has all the members. */
async function startWatching(options, change = {}) {
  const controller = new AbortController();
  const seen = [];
  let wake = () => {};
  const opened = Promise.withResolvers ? Promise.withResolvers() : {};
  opened.promise ??= new Promise((resolve) => (opened.resolve = resolve));
  const ended = (async () => {
    for await (const event of watchEvents({ ...openHost(), ...change }, { ...options, signal: controller.signal })) {
      seen.push(event);
      if (event.kind === 'watching') opened.resolve();
      wake();
    }
  })();
  await Promise.race([opened.promise, ended]);
  return {
    seen,
    async until(wanted, seconds = 60) {
      const isWanted = (event) => Object.entries(wanted).every(([key, value]) => event[key] === value);
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const found = seen.find(isWanted);
        if (found) return found;
        assert.ok(Date.now() < end, `no ${JSON.stringify(wanted)} in ${JSON.stringify(seen)}`);
        await Promise.race([new Promise((resolve) => (wake = resolve)), sleep(500)]);
      }
    },
    end() {
      controller.abort();
      return ended;
    },
  };
}

/** A program that takes memory until it is killed, started in a control group. */
function eatMemory(directory) {
  const eater = spawn('sh', ['-c', `echo $$ > ${directory}/cgroup.procs; exec tail /dev/zero`], { stdio: 'ignore' });
  return { pid: eater.pid, ended: once(eater, 'exit') };
}

/** A word in a register of a chip on an I2C bus (linux/i2c-dev.h, `struct i2c_smbus_ioctl_data`). */
function writeRegister(bus, chip, register, word) {
  const [I2C_SLAVE_FORCE, I2C_SMBUS, WORD_DATA] = [0x706, 0x720, 3];
  const native = openNative();
  const data = nativeBuffer(34);
  data.writeUInt16LE(word);
  const request = nativeBuffer(16);
  request[1] = register;
  request.writeUInt32LE(WORD_DATA, 4);
  request.writeBigUInt64LE(native.address(data), 8);
  const descriptor = openSync(`/dev/${bus}`, 'r+');
  try {
    native.syscall('ioctl', descriptor, I2C_SLAVE_FORCE, chip);
    native.syscall('ioctl', descriptor, I2C_SMBUS, request);
  } finally {
    closeSync(descriptor);
  }
}

/** A battery on an I2C bus that is only memory, run by the driver of real ones (sbs-battery); and a network card of no hardware. */
async function checkPower() {
  const [CHIP, CURRENT, STATUS] = [0x0b, 0x0a, 0x16];
  run('modprobe', 'i2c-stub', `chip_addr=${CHIP}`);
  const buses = '/sys/bus/i2c/devices';
  const bus = readdirSync(buses).find(
    (name) => name.startsWith('i2c-') && readFileSync(`${buses}/${name}/name`, 'utf8').startsWith('SMBus stub'),
  );
  const battery = `sbs-${bus.slice(4)}-000b`;
  const discharge = (is) => {
    writeRegister(bus, CHIP, CURRENT, is ? 0xff00 : 0x0100);
    writeRegister(bus, CHIP, STATUS, is ? 0xc0 : 0x80);
    // The chip would raise an interrupt, and its driver would say this.
    writeFileSync(`/sys/class/power_supply/${battery}/uevent`, 'change');
  };
  const watching = await startWatching({ only: ['power-source', 'device'] });
  assert.deepEqual(watching.seen[0].kinds, ['power-source', 'device']);
  writeRegister(bus, CHIP, STATUS, 0x80);
  run('modprobe', 'sbs-battery');
  writeFileSync(`${buses}/${bus}/new_device`, `sbs-battery ${CHIP}\n`);
  assert.equal((await watching.until({ kind: 'power-source', source: 'ac' })).previous, null);
  discharge(true);
  assert.equal((await watching.until({ kind: 'power-source', source: 'battery' })).previous, 'ac');
  discharge(false);
  await watching.until({ kind: 'power-source', source: 'ac', previous: 'battery' });
  run('ip', 'link', 'add', 'plugged', 'type', 'dummy');
  assert.equal((await watching.until({ kind: 'device', change: 'added', name: 'plugged' })).subsystem, 'net');
  run('ip', 'link', 'del', 'plugged');
  await watching.until({ kind: 'device', change: 'removed', name: 'plugged' });
  writeFileSync(`${buses}/${bus}/delete_device`, `${CHIP}\n`);
  await watching.end();
  // Another check loads it for another chip.
  run('modprobe', '-r', 'sbs-battery', 'i2c-stub');
}

/** With CAP_SYS_RESOURCE a window may be any length; a group's own pressure ends with the group. */
async function checkPressure() {
  const group = `${GROUPS}/busy`;
  mkdirSync(group);
  const threshold = { resource: 'cpu', stall: 'some', threshold: 0.05, window: 1 };
  const watching = await startWatching({ only: [], pressure: [threshold, { ...threshold, stall: 'full', cgroup: '/busy' }] });
  const busy = Array.from({ length: 4 }, () => spawn('sh', ['-c', `echo $$ > ${group}/cgroup.procs; while :; do :; done`]));
  assert.equal((await watching.until({ kind: 'pressure', cgroup: null })).by, 'kernel');
  // All wait at once only where the group may not run: half of the time, and half of that again.
  const controllers = `${GROUPS}/cgroup.subtree_control`;
  writeFileSync(controllers, '+cpu');
  writeFileSync(`${group}/cpu.max`, '20000 100000');
  assert.equal((await watching.until({ kind: 'pressure', cgroup: '/busy' })).by, 'kernel');
  await Promise.all(
    busy.map((child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      return ended;
    }),
  );
  rmdirSync(group);
  await watching.until({ kind: 'unavailable', what: 'pressure' });
  await watching.end();
}

async function checkOom() {
  writeFileSync(`${GROUPS}/cgroup.subtree_control`, '+memory');
  const group = `${GROUPS}/small`;
  mkdirSync(group);
  writeFileSync(`${group}/memory.max`, '40M');
  const watching = await startWatching({ only: ['oom-kill'] });
  const eater = eatMemory(group);
  assert.deepEqual(await eater.ended, [null, 'SIGKILL']);
  const event = await watching.until({ kind: 'oom-kill', pid: eater.pid });
  assert.deepEqual([event.name, event.uid, event.cgroup, event.by], ['tail', 0, '/small', 'kmsg']);
  await watching.end();
  rmdirSync(group);
}

/** Where the kernel log is closed, the own control group tells at once, without a name. */
async function checkOwnGroup() {
  const group = `${GROUPS}/own`;
  mkdirSync(group);
  writeFileSync(`${group}/memory.max`, '500M');
  writeFileSync(`${group}/cgroup.procs`, String(process.pid));
  const real = openHost();
  const watching = await startWatching(
    { only: ['oom-kill'] },
    { resolve: (file) => (file === '/dev/kmsg' ? '/dev/closed' : real.resolve(file)) },
  );
  const eater = eatMemory(group);
  assert.deepEqual(await eater.ended, [null, 'SIGKILL']);
  const event = await watching.until({ kind: 'oom-kill' });
  assert.deepEqual([event.pid, event.count, event.by], [null, 1, 'cgroup']);
  // The machine's counter has the same kill, and must not tell it again.
  await sleep(11_000);
  assert.equal(watching.seen.filter(({ kind }) => kind === 'oom-kill').length, 1);
  await watching.end();
  writeFileSync(`${GROUPS}/cgroup.procs`, String(process.pid));
  rmdirSync(group);
}

/** This kernel's pidfd does not tell a status; the zombie does. */
async function checkProcesses() {
  const watching = await startWatching({ only: ['process'] });
  assert.deepEqual(watching.seen[0].kinds, ['process']);
  // The shell becomes a program that does not wait for its child.
  const parent = spawn('sh', ['-c', '(sleep 3; exit 7) & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await once(parent.stdout, 'data'));
  const exits = await startWatching({ only: [], pids: [pid] });
  const event = await exits.until({ kind: 'process-exit', pid });
  assert.deepEqual([event.status, event.signal], [7, null]);
  const ended = once(parent, 'exit');
  parent.kill();
  await ended;
  assert.equal((await watching.until({ kind: 'process', change: 'exited', pid })).status, 7);
  assert.equal((await watching.until({ kind: 'process', change: 'exited', pid: parent.pid })).signal, 15);
  await watching.end();
}

async function checkClock() {
  const watching = await startWatching({ only: ['clock'] });
  run('date', '--set', '+1 hour');
  const { change, seconds } = await watching.until({ kind: 'clock' });
  assert.equal(change, 'set');
  assert.ok(Math.abs(seconds - 3600) < 5, `${seconds} s instead of 3600`);
  run('date', '--set', '-1 hour');
  while (watching.seen.filter(({ kind }) => kind === 'clock').length < 2) await sleep(50);
  assert.ok(Math.abs(watching.seen.at(-1).seconds + 3600) < 5);
  await watching.end();
}

/** A processor that is cooled by being slowed down. */
async function checkThrottle() {
  const thermal = '/sys/class/thermal';
  const read = (name, attribute) => readFileSync(`${thermal}/${name}/${attribute}`, 'utf8').trim();
  const device = readdirSync(thermal).find(
    (name) => name.startsWith('cooling_device') && read(name, 'type') === 'Processor' && Number(read(name, 'max_state')) > 0,
  );
  const watching = await startWatching({ only: ['throttle', 'clock'] });
  if (device === undefined) {
    console.log(`  no processor here can be cooled: ${readdirSync(thermal).join(' ')}`);
    assert.deepEqual([watching.seen[0].kind, watching.seen[0].reason], ['unavailable', 'absent']);
  } else {
    writeFileSync(`${thermal}/${device}/cur_state`, read(device, 'max_state'));
    assert.equal((await watching.until({ kind: 'throttle', change: 'on' })).share, 1);
    writeFileSync(`${thermal}/${device}/cur_state`, '0');
    await watching.until({ kind: 'throttle', change: 'off' });
  }
  await watching.end();
}

export async function check() {
  const before = descriptors();
  for (const part of [checkPower, checkPressure, checkOom, checkOwnGroup, checkProcesses, checkClock, checkThrottle]) {
    await part();
    console.log(`  ${part.name} is fine`);
  }
  assert.deepEqual(descriptors().toSorted(), before.toSorted(), 'descriptors are left open');
}
