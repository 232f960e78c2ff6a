import type { Host } from '@hecate/host';
import type { Snapshot } from './model/snapshot.ts';
import { collectorsOf } from './platform.ts';
import { openSamplerOf, sampleOf } from './sampler.ts';
import type { SampleOptions, Sampler, SamplerOptions } from './sampler.ts';

/** {@link openSamplerOf} with everything that the machine's operating system offers. */
export function openSampler(host: Host, options: SamplerOptions = {}): Sampler {
  return openSamplerOf(collectorsOf(host.platform), host, options);
}

/** {@link sampleOf} with everything that the machine's operating system offers. */
export function sample(host: Host, options: SampleOptions = {}): AsyncGenerator<Snapshot, void, undefined> {
  return sampleOf(collectorsOf(host.platform), host, options);
}
