import { TUNER_HOME, WATCHER_HOME } from './service-spec.ts';
import type { ServiceSpec } from './service-spec.ts';

/** The name of the unit. */
export const UNIT = 'hecate.service';

/** Where the administrator's units lie (systemd.unit(5)). */
export const UNIT_PATH: string = `/etc/systemd/system/${UNIT}`;

/** What both kinds of service may not do. systemd.exec(5) says what each word means. */
const FENCES = [
  'NoNewPrivileges=yes',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  'PrivateMounts=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'KeyringMode=private',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'RestrictNamespaces=yes',
  'SystemCallArchitectures=native',
  'SystemCallErrorNumber=EPERM',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
];

/**
 * For a service that only watches: a user of its own that exists while it runs, no device, nothing to write but its own directory.
 * It sees every process (CAP_SYS_PTRACE: I/O and descriptors of others) and reads them by BPF where the kernel has it.
 */
const WATCHER = [
  'DynamicUser=yes',
  'StateDirectory=hecated',
  'StateDirectoryMode=0700',
  `Environment=HOME=${WATCHER_HOME} XDG_STATE_HOME=${WATCHER_HOME}/state`,
  'AmbientCapabilities=CAP_SYS_PTRACE CAP_BPF CAP_PERFMON',
  'CapabilityBoundingSet=CAP_SYS_PTRACE CAP_BPF CAP_PERFMON',
  'ProtectSystem=strict',
  'PrivateDevices=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  // The last line wins: @privileged holds bpf(2).
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources @debug',
  'SystemCallFilter=bpf',
];

/** For a service that tunes: root, who may write /proc/sys, /sys and /etc, load modules and speak to the service manager. */
const TUNER = [
  'StateDirectory=hecate',
  'StateDirectoryMode=0755',
  `Environment=HOME=/root XDG_STATE_HOME=${TUNER_HOME.slice(0, TUNER_HOME.lastIndexOf('/'))}`,
  'ProtectSystem=yes',
];

/** One word of a command line (systemd.service(5)): quoted, `%` doubled. Variables are off by the colon before the program. */
function quote(word: string): string {
  const escaped = word
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('%', '%%')
    .replaceAll('\n', String.raw`\n`);
  return /^[\w./:=@,+-]+$/.test(word) ? word : `"${escaped}"`;
}

/**
 * The text of `hecate.service`. One that only watches has an exposure of 2.0 by `systemd-analyze security`. Why not less: it looks at
 * all processes, has a port, and its language makes machine code at run time (MemoryDenyWriteExecute= would end it).
 */
export function systemdUnit(spec: ServiceSpec): string {
  const [program, ...words] = spec.command;
  return `# Made by "hecate service install"; "hecate service uninstall" takes it away. Own settings: systemctl edit hecate
[Unit]
Description=hecate watches this machine${spec.tunes ? ' and keeps it tuned' : ''}
After=network.target
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=notify
NotifyAccess=main
ExecStart=:${[program, ...words].map(quote).join(' ')}
Restart=on-failure
RestartSec=2
TimeoutStartSec=60
TimeoutStopSec=30
WatchdogSec=60
UMask=0077
Environment=HECATE_DATA_DIR=${spec.tunes ? TUNER_HOME : WATCHER_HOME}/data MALLOC_ARENA_MAX=1
MemoryHigh=160M
MemoryMax=256M
TasksMax=64
${[...(spec.tunes ? TUNER : WATCHER), ...FENCES].join('\n')}

[Install]
WantedBy=multi-user.target
`;
}
