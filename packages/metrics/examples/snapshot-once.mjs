// What this machine does now: two snapshots, and what happened between them.
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '@hecate/host';
import { deriveRates, openSampler } from '@hecate/metrics';

const sampler = openSampler(openHost(), { only: ['cpu', 'memory', 'disk'] });
try {
  const before = await sampler.take();
  await sleep(500);
  const after = await sampler.take();
  const rates = deriveRates(before, after);
  console.log(`cpu     ${percent(rates.cpu?.usage)}`);
  console.log(`memory  ${after.memory?.used ?? 'unknown'} of ${after.memory?.total ?? 'unknown'} bytes`);
  console.log(`disks   ${rates.disk?.total.readBytesPerSecond ?? 'unknown'} bytes/s read`);
  // What could not be read is null, and here is why.
  for (const { field, reason, detail } of [...after.gaps, ...rates.gaps]) console.log(`${field}: ${reason}. ${detail}`);
} finally {
  sampler.close();
}

function percent(ratio) {
  return typeof ratio === 'number' ? `${(ratio * 100).toFixed(1)} %` : 'unknown';
}
