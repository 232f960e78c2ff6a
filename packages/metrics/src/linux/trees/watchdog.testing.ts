import type { Tree } from '../rooted-tree.testing.ts';

const files = {
  bootstatus: '1',
  fw_version: '2',
  identity: 'Software Watchdog',
  nowayout: '0',
  options: '0x8380',
  pretimeout: '120',
  pretimeout_governor: 'noop',
  state: 'active',
  status: '0x8000',
  timeleft: '300',
  timeout: '60',
};

/** A watchdog that says all, and one that says nothing. */
export const tree: Tree = {
  ...Object.fromEntries(Object.entries(files).map(([file, value]) => [`sys/class/watchdog/watchdog0/${file}`, `${value}\n`])),
  'sys/class/watchdog/watchdog1/uevent': '',
};
