import type { Host } from '@hecate/host';
import { watchEvents } from '@hecate/metrics';
import type { MachineEvent } from '@hecate/metrics';

/** Watches a machine until the signal. Rejects where nothing can be watched. A bundle of its own: who needs no events does not load it. */
export async function followEvents(host: Host, signal: AbortSignal, take: (event: MachineEvent) => void): Promise<void> {
  for await (const event of watchEvents(host, { signal })) if (event.kind !== 'watching') take(event);
}
