import { startPush } from '@hecate/observe';
import type { Push, PushOptions } from '@hecate/observe';

/** Pushes samples while the daemon runs. Loaded only by daemons that have an `[[export]]`. */
export function serveExport(options: PushOptions): Promise<Push> {
  return startPush(options);
}
