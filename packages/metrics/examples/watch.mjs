// One line a tick until Ctrl-C, or until the number of lines that was asked for: node watch.mjs 5
// Only two collectors are named, so a bundler leaves the others out.
import { linuxCpu, linuxLoad, openMachineOf } from '@hecate/metrics';

const most = Number(process.argv[2] ?? Infinity);
const ending = new AbortController();
process.once('SIGINT', () => ending.abort());

let lines = 0;
const machine = openMachineOf([linuxCpu, linuxLoad]);
for await (const { snapshot, rates } of machine.sample({ interval: 0.2, signal: ending.signal })) {
  if (!rates.cpu) continue;
  console.log(`${rates.elapsed.toFixed(2)} s  cpu ${(rates.cpu.usage * 100).toFixed(1)} %  load ${snapshot.load?.load1}`);
  if (++lines >= most) ending.abort();
}
