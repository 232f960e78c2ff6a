// One domain at a time, now: each read gives its value, or null with the reason.
import { openMachine } from '@hecate/metrics';

const machine = openMachine();
const { value: memory, gap } = machine.memory();
console.log(memory ? `memory ${memory.used} of ${memory.total} bytes` : `memory ${gap.reason}: ${gap.detail}`);

const load = machine.load();
console.log(load.value ? `load ${load.value.load1}` : `load ${load.gap.reason}: ${load.gap.detail}`);

// Mounts can take their time, so this one is a promise.
const mounts = await machine.filesystem();
for (const { mountpoint, available } of mounts.value ?? []) console.log(`${mountpoint} ${available} bytes available`);
machine.close();
