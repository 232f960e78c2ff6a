/** Names of capabilities by their bit (include/uapi/linux/capability.h, without `CAP_`). */
const NAMES = [
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'linux_immutable',
  'net_bind_service',
  'net_broadcast',
  'net_admin',
  'net_raw',
  'ipc_lock',
  'ipc_owner',
  'sys_module',
  'sys_rawio',
  'sys_chroot',
  'sys_ptrace',
  'sys_pacct',
  'sys_admin',
  'sys_boot',
  'sys_nice',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'mknod',
  'lease',
  'audit_write',
  'audit_control',
  'setfcap',
  'mac_override',
  'mac_admin',
  'syslog',
  'wake_alarm',
  'block_suspend',
  'audit_read',
  'perfmon',
  'bpf',
  'checkpoint_restore',
] as const;

/** A set of capabilities in hexadecimal digits, in words: `none`, `all`, `kill, net_raw`. One that has no name here is its number. */
export function capabilityText(mask: string): string {
  if (!/^[0-9a-f]{1,16}$/i.test(mask)) return mask;
  const bits = BigInt(`0x${mask}`);
  if (bits === 0n) return 'none';
  const found: string[] = [];
  for (let bit = 0; bit < 64; bit++) if (((bits >> BigInt(bit)) & 1n) === 1n) found.push(NAMES[bit] ?? String(bit));
  // An older kernel has fewer: what has all but the latest ones has all that there are.
  const isAll = found.length >= 37 && found.every((name, bit) => name === (NAMES[bit] ?? String(bit)));
  return isAll ? 'all' : found.join(', ');
}
