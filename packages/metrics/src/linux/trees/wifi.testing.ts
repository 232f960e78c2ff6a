import type { Tree } from '../rooted-tree.testing.ts';

/** What kernels with the old interface for wireless devices say of two of them. */
export const tree: Tree = {
  'proc/net/wireless': `Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan8: 0000   54.  -56.  -256        0      0      0      0     76        0
 wlan9: 0000    0     0     0        0      0      0      0      0        0
`,
};
