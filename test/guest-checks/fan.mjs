// Fans of a real hwmon driver (adt7475) on an I2C bus that is only memory: held, adjusted by a curve, and given back, also after a kill.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const modules = ['i2c-dev', 'i2c-stub chip_addr=0x2e', 'adt7475'];

const BUSES = '/sys/bus/i2c/devices';
const HECATE = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../packages/cli/bin/hecate.cjs');

/** Writes a register of the chip behind its driver's back: i2c-dev with I2C_SLAVE_FORCE and I2C_SMBUS (linux/i2c-dev.h). */
const POKE = `
import ctypes, fcntl, os, sys
bus, register, value = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
class Request(ctypes.Structure):
    _fields_ = [('write', ctypes.c_uint8), ('command', ctypes.c_uint8), ('size', ctypes.c_uint32), ('data', ctypes.c_void_p)]
data = ctypes.create_string_buffer(bytes([value]) + bytes(33))
device = os.open('/dev/' + bus, os.O_RDWR)
fcntl.ioctl(device, 0x0706, 0x2e)
fcntl.ioctl(device, 0x0720, Request(0, register, 2, ctypes.addressof(data)))
`;

async function eventually(holds, what) {
  for (const end = Date.now() + 40_000; Date.now() < end; await sleep(100)) if (holds()) return;
  assert.fail(`It did not come about: ${what}`);
}

/** Throws at the first difference. */
export async function check() {
  const bus = readdirSync(BUSES).find(
    (name) => name.startsWith('i2c-') && readFileSync(`${BUSES}/${name}/name`, 'utf8').startsWith('SMBus stub'),
  );
  assert.ok(bus, 'there is no stub bus');
  const state = mkdtempSync(join(tmpdir(), 'hecate-fan-'));
  const children = [];
  writeFileSync(`${BUSES}/${bus}/new_device`, 'adt7475 0x2e\n');
  try {
    const hwmon = readdirSync('/sys/class/hwmon').find(
      (name) => readFileSync(`/sys/class/hwmon/${name}/name`, 'utf8').trim() === 'adt7475',
    );
    assert.ok(hwmon, 'the driver has no chip');
    const read = (file) => readFileSync(`/sys/class/hwmon/${hwmon}/${file}`, 'utf8').trim();
    const poke = (register, value) => {
      const done = spawnSync('python3', ['-c', POKE, bus, String(register), String(value)], { encoding: 'utf8' });
      assert.equal(done.status, 0, done.stderr);
    };
    const hecate = (...words) => spawnSync(process.execPath, [HECATE, 'fan', ...words, '--state-dir', state], { encoding: 'utf8' });
    const start = async (...words) => {
      const child = spawn(process.execPath, [HECATE, 'fan', ...words, '--state-dir', state], { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      const [said] = await once(child.stdout, 'data');
      assert.match(String(said), /^Change \d+: adt7475\/fan1 is held/);
      return child;
    };
    // 60 °C at temp1 (its register counts from -64), and a chip that decides by itself.
    poke(0x25, 124);
    assert.equal(read('pwm1_enable'), '2');
    const status = hecate('status', '--format', 'json');
    assert.equal(status.status, 0, status.stderr);
    const fan = JSON.parse(status.stdout).fans.find(({ id }) => id === 'adt7475/fan1');
    assert.equal(fan.mode, 'automatic');
    assert.deepEqual(fan.follows, ['adt7475/temp1']);

    const held = await start('set', 'fan1', '50%');
    assert.deepEqual([read('pwm1_enable'), read('pwm1')], ['1', '128']);
    assert.match(hecate('status').stdout, new RegExp(`held by process ${held.pid}`));
    assert.equal(hecate('set', 'fan1', '60%').status, 6, 'a second one is refused');
    held.kill('SIGTERM');
    await once(held, 'exit');
    assert.equal(read('pwm1_enable'), '2');

    const curve = await start('curve', 'fan1', '--sensor', 'temp1', '--points', '40:20,60:60,80:100', '--rate', '100');
    await eventually(() => read('pwm1') === '153', 'the fan is at 60 %');
    poke(0x25, 64 + 70);
    await eventually(() => read('pwm1') === '204', 'the fan is at 80 %');
    poke(0x25, 64 + 95);
    await eventually(() => read('pwm1') === '255', 'the fan is at full speed');
    curve.kill('SIGKILL');
    await eventually(() => read('pwm1_enable') === '2', 'the guard has given the fan back');
    assert.match(hecate('auto').stdout, /Nothing to do/);

    // Whoever gives it back to the chip behind our back ends it.
    const robbed = await start('set', 'fan1', '50%', '--interval', '0.2');
    const ended = once(robbed, 'exit');
    writeFileSync(`/sys/class/hwmon/${hwmon}/pwm1_enable`, '2');
    assert.deepEqual(await ended, [6, null]);
    assert.equal(read('pwm1_enable'), '2');
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await sleep(1000);
    writeFileSync(`${BUSES}/${bus}/delete_device`, '0x2e\n');
    // Others want the bus with another chip.
    spawnSync('rmmod', ['adt7475', 'i2c-stub']);
    rmSync(state, { recursive: true, force: true });
  }
}
