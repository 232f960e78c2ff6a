import type { Tree } from '../rooted-tree.testing.ts';

/** A load balancer with services by address of both families and by firewall mark. */
export const tree: Tree = {
  'proc/net/ip_vs_stats': `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
      1F   100000        0     51D8C8883AB3                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       4    1FB3C        0          1282A8F                0
`,
  'proc/net/ip_vs': `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  C0000201:0CEA wlc
  -> C0000211:0CEA      Tunnel  100    248        2
  -> C0000212:0CEA      Tunnel  0      1          0
UDP  [20010db8000000000000000000000001]:0035 rr
  -> [20010db8000000000000000000000002]:0035      Masq    1      3          4
FWM  10001000 wlc
  -> C0000213:0CEA      Route   20     64         1
`,
};
