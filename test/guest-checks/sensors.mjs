// A real hwmon driver (lm75) on an I2C bus that is only memory: what is written into its registers is what must be read.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMachine } from '@hecate/metrics';

export const modules = ['i2c-dev', 'i2c-stub chip_addr=0x48', 'lm75'];

const BUSES = '/sys/bus/i2c/devices';

/** Throws at the first difference. */
export async function check() {
  const bus = readdirSync(BUSES).find(
    (name) => name.startsWith('i2c-') && readFileSync(`${BUSES}/${name}/name`, 'utf8').startsWith('SMBus stub'),
  );
  assert.ok(bus, 'there is no stub bus');
  writeFileSync(`${BUSES}/${bus}/new_device`, 'lm75 0x48\n');
  const machine = openMachine();
  try {
    const hwmon = readdirSync('/sys/class/hwmon').find((name) => readFileSync(`/sys/class/hwmon/${name}/name`, 'utf8').trim() === 'lm75');
    assert.ok(hwmon, 'the driver has no chip');
    writeFileSync(`/sys/class/hwmon/${hwmon}/temp1_max`, '81500\n');
    // Drivers answer from what they read up to a second ago.
    await sleep(1500);
    const { value, gap } = await machine.sensors();
    assert.ok(value, JSON.stringify(gap));
    const chip = value.chips.find(({ name }) => name === 'lm75');
    assert.ok(chip, JSON.stringify(value));
    const [temperature] = chip.temperatures;
    assert.equal(temperature.value, Number(readFileSync(`/sys/class/hwmon/${hwmon}/temp1_input`, 'utf8')) / 1000);
    assert.equal(temperature.max, 81.5);
    assert.match(chip.id, /0048|i2c/, `${chip.id} says where the chip is`);
  } finally {
    machine.close();
  }
}
