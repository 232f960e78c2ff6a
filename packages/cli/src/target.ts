import { openHost, openRootedHost } from '@hecate/host';
import type { Host } from '@hecate/host';

/** The machine that a command is about: the one under `--root`, or this one. */
export function openTarget(root: string | undefined): Host {
  return root === undefined ? openHost() : openRootedHost(root);
}
