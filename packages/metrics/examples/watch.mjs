// One line a tick until Ctrl-C, or until the number of lines that was asked for: node watch.mjs 5
import { openHost } from '@hecate/host';
import { deriveRates, sample } from '@hecate/metrics';

const most = Number(process.argv[2] ?? Infinity);
const ending = new AbortController();
process.once('SIGINT', () => ending.abort());

let before = null;
let lines = 0;
for await (const snapshot of sample(openHost(), { interval: 0.2, only: ['cpu', 'load'], signal: ending.signal })) {
  const { cpu, elapsed } = deriveRates(before, snapshot);
  before = snapshot;
  // The first snapshot has no rates: they need an earlier one.
  if (!cpu) continue;
  console.log(`${elapsed.toFixed(2)} s  cpu ${(cpu.usage * 100).toFixed(1)} %  load ${snapshot.load?.load1}`);
  if (++lines >= most) ending.abort();
}
