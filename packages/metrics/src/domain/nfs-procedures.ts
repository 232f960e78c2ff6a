/** One remote procedure of NFS, and how often it was called. */
export interface NfsProcedure {
  /** Version of the protocol: `2`, `3`, `4`. */
  readonly version: string;
  /** As node_exporter writes it: `GetAttr`. */
  readonly method: string;
  /** Null: this kernel does not count it. */
  readonly count: number | null;
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Procedures of version 2, in the order of the numbers (RFC 1094). */
const VERSION_2 = words(
  'Null GetAttr SetAttr Root Lookup ReadLink Read WrCache Write Create Remove Rename Link SymLink MkDir RmDir ReadDir FsStat',
);

/** Procedures of version 3 (RFC 1813). */
const VERSION_3 = words(`Null GetAttr SetAttr Lookup Access ReadLink Read Write Create MkDir SymLink MkNod Remove RmDir Rename Link ReadDir
  ReadDirPlus FsStat FsInfo PathConf Commit`);

/** What a client of version 4 does (kernel: include/linux/nfs4.h, NFSPROC4_CLNT_*); later kernels add to the end. */
const CLIENT_4 = words(`Null Read Write Commit Open OpenConfirm OpenNoattr OpenDowngrade Close Setattr FsInfo Renew SetClientID
  SetClientIDConfirm Lock Lockt Locku Access Getattr Lookup LookupRoot Remove Rename Link Symlink Create Pathconf StatFs ReadLink ReadDir
  ServerCaps DelegReturn GetACL SetACL FsLocations ReleaseLockowner Secinfo FsidPresent ExchangeID CreateSession DestroySession Sequence
  GetLeaseTime ReclaimComplete GetDeviceInfo LayoutGet LayoutCommit LayoutReturn SecinfoNoName TestStateID FreeStateID GetDeviceList
  BindConnToSession DestroyClientID Seek Allocate DeAllocate LayoutStats Clone`);

/**
 * Operations that a server of version 4 executes, by their number (RFC 7530, 16); the first three are none,
 * and number 16 is LOOKUPP (the parent), which node_exporter calls by another name.
 */
const SERVER_4 =
  words(`- - - Access Close Commit Create DelegPurge DelegReturn GetAttr GetFH Link Lock Lockt Locku Lookup LookupRoot Nverify Open
  OpenAttr OpenConfirm OpenDgrd PutFH PutPubFH PutRootFH Read ReadDir ReadLink Remove Rename Renew RestoreFH SaveFH SecInfo SetAttr
  SetClientID SetClientIDConfirm Verify Write RelLockOwner`);

/** The lines of /proc/net/rpc/nfs that count procedures. */
export const CLIENT_LINES: readonly (readonly [line: string, version: string, names: readonly string[]])[] = [
  ['proc2', '2', VERSION_2],
  ['proc3', '3', VERSION_3],
  ['proc4', '4', CLIENT_4],
];

/** The lines of /proc/net/rpc/nfsd that count procedures and operations. */
export const SERVER_LINES: readonly (readonly [line: string, version: string, names: readonly string[]])[] = [
  ['proc2', '2', VERSION_2],
  ['proc3', '3', VERSION_3],
  ['proc4ops', '4', SERVER_4],
];
