// Makes gen/abi.json, the facts about Apple's interfaces that tests hold our declarations against, from the full table of such facts:
//   node packages/metrics/darwin-fake/trim-abi.mjs DARWIN-ABI.json
// That table was computed by clang from the headers of macOS 12.0, 14.2 and 15.5 for both architectures. Kept of it are the structures
// listed here and every function, number and text. A structure that is to be read and is not in it is added to the list.
import { readFileSync, writeFileSync } from 'node:fs';

const STRUCTS = [
  ...['processor_cpu_load_info', 'host_cpu_load_info', 'vm_statistics64', 'vm_statistics64_rev3', 'mach_timebase_info', 'xsw_usage'],
  ...['loadavg', 'timeval', 'clockinfo', 'kinfo_proc', 'proc_bsdinfo', 'proc_bsdshortinfo', 'proc_taskinfo', 'proc_taskallinfo'],
  ...['proc_threadinfo', 'proc_vnodepathinfo', 'proc_fdinfo', 'socket_fdinfo', 'vnode_fdinfowithpath', 'pipe_fdinfo'],
  ...['rusage_info_v0', 'rusage_info_v1', 'rusage_info_v2', 'rusage_info_v3', 'rusage_info_v4', 'rusage_info_v5', 'rusage_info_v6'],
  ...['if_msghdr', 'if_msghdr2', 'if_data64', 'ifa_msghdr', 'rt_msghdr', 'rt_msghdr2', 'ifreq', 'ifmediareq'],
  ...[
    'sockaddr',
    'sockaddr_dl',
    'sockaddr_in',
    'sockaddr_in6',
    'tcpstat',
    'udpstat',
    'ipstat',
    'icmpstat',
    'xinpgen',
    'xtcpcb64',
    'xinpcb64',
    'xsocket64',
    'xsockbuf',
  ],
  ...['statfs', 'kevent', 'kevent64_s', 'kern_event_msg', 'kev_request', 'net_event_data', 'utmpx', 'utsname', 'passwd'],
  ...['SMCParamStruct', 'SMCVersion', 'SMCPLimitData', 'SMCKeyInfoData'],
];

/** What the table lacks, each with where it is from. */
const ADDED = {
  structs: {
    // bsd/net/if_mib.h of XNU, compiled for a 64-bit machine; its if_data64 is packed to 4 bytes.
    ifmibdata: {
      size: 180,
      leaves: [
        'ifmd_name 0 16 char 16',
        'ifmd_pcount 16 4 u32',
        'ifmd_flags 20 4 u32',
        'ifmd_snd_len 24 4 u32',
        'ifmd_snd_maxlen 28 4 u32',
        'ifmd_snd_drops 32 4 u32',
      ],
      nested: { ifmd_data: ['if_data64', 52] },
    },
  },
  functions: {
    // In the export list of libsystem_kernel of both architectures under one name; no header has it. Its prototype is getfsstat's.
    getfsstat64: { gives: 'i32', takes: ['ptr', 'i32', 'i32'], exportedBy: ['/usr/lib/system/libsystem_kernel.dylib'] },
    // The ABI of automatic reference counting (clang's documentation of it); no header has them.
    objc_autoreleasePoolPush: { gives: 'ptr', takes: [], exportedBy: ['/usr/lib/libobjc.A.dylib'] },
    objc_autoreleasePoolPop: { gives: 'void', takes: ['ptr'], exportedBy: ['/usr/lib/libobjc.A.dylib'] },
    // CFDictionary.h declares these variables; only their addresses are taken.
    ...Object.fromEntries(
      ['kCFTypeDictionaryKeyCallBacks', 'kCFTypeDictionaryValueCallBacks'].map((name) => [
        name,
        { gives: null, takes: null, exportedBy: ['/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation'] },
      ]),
    ),
  },
  // CWWiFiClient.h, CWInterface.h and CWChannel.h of CoreWLAN, and NSObject.h: NSInteger and enumerations of it have 8 bytes.
  messages: {
    CWWiFiClient: { sharedWiFiClient: 'ptr', interfaces: 'ptr' },
    CWInterface: {
      ...{ interfaceName: 'ptr', powerOn: 'bool', ssid: 'ptr', ssidData: 'ptr', bssid: 'ptr', countryCode: 'ptr', wlanChannel: 'ptr' },
      ...{ activePHYMode: 'i64', interfaceMode: 'i64', security: 'i64', transmitPower: 'i64', transmitRate: 'f64' },
      ...{ rssiValue: 'i64', noiseMeasurement: 'i64' },
    },
    CWChannel: { channelNumber: 'i64', channelWidth: 'i64', channelBand: 'i64' },
  },
  // bsd/net/if_mib.h, and flags of routes in bsd/net/route.h of XNU.
  constants: { NETLINK_GENERIC: 0, IFMIB_IFDATA: 2, IFDATA_GENERAL: 1, RTF_UP: 1, RTF_HOST: 4, RTF_IFSCOPE: 0x100_0000 },
};

const [, , from] = process.argv;
if (from === undefined) {
  process.stderr.write('Give the full table of facts (darwin-abi.json).\n');
  process.exit(2);
}
const facts = JSON.parse(readFileSync(from, 'utf8'));

/** A field as one line: its path, its offset, its size, its type, and how many of them where it is an array. */
const leafLine = ({ path, offset, size, type, count }) => `${path} ${offset} ${size} ${type}${count === undefined ? '' : ` ${count}`}`;
const layoutOf = ({ size, leaves }) => ({ size, leaves: leaves.filter((leaf) => 'offset' in leaf).map(leafLine) });
const structs = {};
for (const name of STRUCTS) {
  const { layout } = facts.structs[name];
  structs[name] = 'arm64' in layout ? { arm64: layoutOf(layout.arm64), x86_64: layoutOf(layout.x86_64) } : layoutOf(layout);
  const { arm64, x86_64: intel } = structs[name];
  // Most of those that differ do so in the C type alone, not in any byte.
  if (arm64 && JSON.stringify(arm64) === JSON.stringify(intel)) structs[name] = arm64;
}
for (const [name, { size, leaves, nested }] of Object.entries(ADDED.structs)) {
  const inner = Object.entries(nested).flatMap(([field, [struct, base]]) =>
    structs[struct].leaves.map((line) => {
      const [path, offset, ...rest] = line.split(' ');
      return [`${field}.${path}`, Number(offset) + base, ...rest].join(' ');
    }),
  );
  structs[name] = { size, leaves: [...leaves, ...inner] };
}

/** An address is an address: what it points at is the caller's affair. */
const widthOf = (type) => (type.startsWith('ptr') ? 'ptr' : type);
const functions = {};
for (const [name, { byArch, ...known }] of Object.entries(facts.functions)) {
  // Those that differ do so in the sign of a boolean alone.
  const one = { ...known, ...byArch?.arm64 };
  functions[name] = {
    gives: one.ret === undefined ? null : widthOf(one.ret),
    takes: one.args?.map(({ type }) => widthOf(type)) ?? null,
    ...(one.variadic ? { variadic: true } : {}),
    ...(one.symbol ? { symbol: one.symbol } : {}),
    exportedBy: one.exportedBy ?? [],
  };
}
Object.assign(functions, ADDED.functions);

const messages = { 'NSObject respondsToSelector:': { gives: 'bool', takes: ['ptr'] } };
for (const [name, methods] of Object.entries(ADDED.messages))
  for (const [selector, gives] of Object.entries(methods)) messages[`${name} ${selector}`] = { gives, takes: [] };

const constants = { ...facts.constants, ...ADDED.constants };
/** One entry a line: a difference then shows what changed. */
const table = (entries) =>
  `{\n${Object.entries(entries)
    .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n  }`;
const parts = { structs, functions, messages, constants, strings: facts.strings, private: facts.privateConstants };
const text = Object.entries(parts).map(([name, entries]) => `  "${name}": ${table(entries)}`);
const about = "Made by trim-abi.mjs: layouts, prototypes and numbers of Apple's public headers. Facts only; do not edit.";
writeFileSync(new URL('gen/abi.json', import.meta.url), `{\n  "about": ${JSON.stringify(about)},\n${text.join(',\n')}\n}\n`);
