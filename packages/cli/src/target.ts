import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { openRoot } from '@hecate/metrics';

/** The machine that a command is about: the one under `--root`, or this one. */
export function openTarget(root: string | undefined): Host {
  return root === undefined ? openHost() : openRoot(root);
}
