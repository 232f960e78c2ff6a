// Two nodes of memory, compressed swap, huge pages, merged pages: made, and read again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { openMachine } from '@hecate/metrics';

export const modules = ['zram num_devices=1'];

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });

/** Throws at the first difference. */
export async function check() {
  const machine = openMachine();
  const read = async (name) => {
    const { value, gap } = await machine[name]();
    assert.ok(value, `${name}: ${JSON.stringify(gap)}`);
    return value;
  };
  try {
    const numa = JSON.stringify(await read('numa'));
    for (const node of [0, 1]) {
      const total = Number(/MemTotal:\s+(\d+)/.exec(readFileSync(`/sys/devices/system/node/node${node}/meminfo`, 'utf8'))[1]) * 1024;
      assert.ok(numa.includes(String(total)), `${total} bytes of node ${node} are not in ${numa.slice(0, 400)}`);
    }
    writeFileSync('/sys/block/zram0/disksize', '67108864');
    run('mkswap', '/dev/zram0');
    run('swapon', '/dev/zram0');
    const swap = JSON.stringify(await read('swap'));
    assert.match(swap, /zram0/);
    assert.ok(swap.includes('67108864'), swap);
    run('swapoff', '/dev/zram0');
    writeFileSync('/proc/sys/vm/nr_hugepages', '8');
    assert.match(JSON.stringify(await read('hugepages')), /"total":8\b/);
    writeFileSync('/proc/sys/vm/nr_hugepages', '0');
    writeFileSync('/sys/kernel/mm/ksm/run', '1');
    assert.match(JSON.stringify(await read('ksm')), /"(?:running|run)":(?:true|1)\b/);
    writeFileSync('/sys/kernel/mm/ksm/run', '0');
  } finally {
    machine.close();
  }
}
