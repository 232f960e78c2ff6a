// What this machine does now: two samples, and what happened between them.
import { openMachine } from '@hecate/metrics';

const machine = openMachine();
for await (const { snapshot, rates } of machine.sample({ interval: 0.5, only: ['cpu', 'memory', 'disk'] })) {
  // The first sample has no rates: they need an earlier one.
  if (rates.elapsed === null) continue;
  console.log(`cpu     ${percent(rates.cpu?.usage)}`);
  console.log(`memory  ${snapshot.memory?.used ?? 'unknown'} of ${snapshot.memory?.total ?? 'unknown'} bytes`);
  console.log(`disks   ${rates.disk?.total.readBytesPerSecond.toFixed(0) ?? 'unknown'} bytes/s read`);
  // What could not be read is null, and here is why.
  for (const { field, reason, detail } of [...snapshot.gaps, ...rates.gaps]) console.log(`${field}: ${reason}. ${detail}`);
  break;
}
machine.close();

function percent(ratio) {
  return typeof ratio === 'number' ? `${(ratio * 100).toFixed(1)} %` : 'unknown';
}
