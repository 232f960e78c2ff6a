import type { Tree } from '../rooted-tree.testing.ts';

/** A device that two machines hold, and one that lost its other half. */
export const tree: Tree = {
  'proc/drbd': `version: 8.4.11 (api:1/proto:86-101)
srcversion: 0123456789ABCDEF

 0: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----
    ns:100 nr:200 dw:300 dr:400 al:5 bm:6 lo:7 pe:8 ua:9 ap:10 ep:1 wo:f oos:11
\t[=>..................] sync'ed: 10.1% (11/100)K
 2: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----
    ns:0 nr:0 dw:0 dr:0 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0
`,
};
