import type { Host } from '@hecate/host';
import { testTargets } from '@hecate/observe';
import type { NotifySettings, TestOutcome } from '@hecate/observe';

/** Sends a test message to every target. Loaded only when somebody wants one: mail brings much with it. */
export function testNotify(targets: readonly NotifySettings[], host: Host, hostname: string): Promise<TestOutcome[]> {
  return testTargets(targets, host, hostname);
}
