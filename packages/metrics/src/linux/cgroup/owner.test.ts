import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mostTellingPath, parseMembership, readOwnerPath } from './membership.ts';
import { parseCgroupPath } from './owner.ts';
import type { CgroupOwner } from './owner.ts';

const ID = '0123456789abcdef'.repeat(4);
const OTHER = 'fedcba9876543210'.repeat(4);
const UID = '1b2c3d4e-0000-1111-2222-333344445555';
const SLICE_UID = UID.replaceAll('-', '_');
const NOBODY: CgroupOwner = { unit: null, slice: null, userUnit: null, session: null, uid: null, container: null, pod: null, guest: null };
const container = (runtime: string, id: string = ID): object => ({ container: { id, runtime } });

describe('containers', () => {
  test.each<[string, object]>([
    [`/docker/${ID}`, container('docker')],
    [`/system.slice/docker-${ID}.scope`, { ...container('docker'), unit: `docker-${ID}.scope`, slice: 'system.slice' }],
    [`/docker/${ID}/system.slice/nginx.service`, container('docker')],
    [`/docker/${OTHER}/docker/${ID}`, container('docker')],
    [`/system.slice/docker-${OTHER}.scope/docker/${ID}`, { ...container('docker'), unit: `docker-${OTHER}.scope` }],
    [`/ecs/task/${ID}`, container('unknown')],
    [
      `/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-1234567890`,
      container('ecs', '0123456789abcdef0123456789abcdef-1234567890'),
    ],
    [`/my-parent/${ID}`, container('unknown')],
    [
      `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
      { ...container('docker'), unit: 'user@1000.service', userUnit: `docker-${ID}.scope`, uid: 1000, slice: 'user-1000.slice' },
    ],
    [`/libpod_parent/libpod-${ID}`, container('podman')],
    [`/libpod_parent/${OTHER}/libpod-${ID}`, { ...container('podman'), pod: OTHER }],
    [`/libpod_parent/${OTHER}`, { container: null, pod: OTHER }],
    [`/machine.slice/libpod-${ID}.scope/container`, { ...container('podman'), unit: `libpod-${ID}.scope`, slice: 'machine.slice' }],
    [`/machine.slice/libpod-conmon-${ID}.scope`, { container: null, unit: `libpod-conmon-${ID}.scope` }],
    [`/machine.slice/machine-libpod_pod_${OTHER}.slice/libpod-${ID}.scope/container`, { ...container('podman'), pod: OTHER }],
    [`/system.slice/web.service/libpod-payload-${ID}`, { ...container('podman'), unit: 'web.service' }],
    [`/system.slice/${ID}.service`, { container: null }],
    [`/kubepods/besteffort/pod${UID}/${ID}`, { ...container('kubernetes'), pod: UID }],
    [`/kubepods/pod${UID}/${ID}`, { ...container('kubernetes'), pod: UID }],
    [`/kubepods/burstable/pod${UID}/crio-${ID}`, { ...container('crio'), pod: UID }],
    [`/kubepods/burstable/pod${UID}/crio-conmon-${ID}`, { container: null, pod: UID }],
    [
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
      { ...container('containerd'), pod: UID, unit: `cri-containerd-${ID}.scope`, slice: `kubepods-burstable-pod${SLICE_UID}.slice` },
    ],
    [`/kubepods.slice/kubepods-pod${SLICE_UID}.slice/docker-${ID}.scope`, { ...container('docker'), pod: UID }],
    [
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${SLICE_UID}.slice/crio-${ID}.scope/container`,
      { ...container('crio'), pod: UID },
    ],
    [
      `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod${SLICE_UID}.slice/cri-containerd-${ID}.scope`,
      { ...container('containerd'), pod: UID },
    ],
    [`/docker/${OTHER}/kubelet/kubepods/burstable/pod${UID}/${ID}`, { ...container('kubernetes'), pod: UID }],
    [
      `/system.slice/containerd.service/kubepods-burstable-pod${SLICE_UID}.slice:cri-containerd:${ID}`,
      { ...container('containerd'), pod: UID, unit: 'containerd.service' },
    ],
    ['/kubepods/burstable/pod0123456789abcdef0123456789abcdef', { container: null, pod: '0123456789abcdef0123456789abcdef' }],
    [`/system.slice/nerdctl-${ID}.scope`, container('containerd')],
    [`/default/${ID}`, container('unknown')],
    ['/lxc.payload.web', container('lxc', 'web')],
    ['/lxc.payload/web/init.scope', container('lxc', 'web')],
    ['/lxc/100/system.slice/cron.service', container('lxc', '100')],
    [`/lxc/100/ns/docker/${ID}`, container('docker')],
    ['/lxc.monitor.web', { container: null }],
    ['/machine.slice/systemd-nspawn@web.service/payload', { ...container('systemd-nspawn', 'web'), unit: 'systemd-nspawn@web.service' }],
    ['/machine.slice/machine-my\\x2dbox.scope', { ...container('systemd-nspawn', 'my-box'), guest: null }],
    ['/machine.slice/machine-qemu\\x2d3\\x2dweb\\x2d1.scope/libvirt/emulator', { container: null, guest: 'web-1' }],
    ['/machine/qemu-1-web.libvirt-qemu', { container: null, guest: 'web' }],
    ['/machine.slice/machine-lxc\\x2d12\\x2dbox.scope', container('libvirt-lxc', 'box')],
    [`/system.slice/var-lib-docker-overlay2-${ID}-merged.mount`, { container: null }],
    [`/../../docker/${ID}`, container('docker')],
    [`/docker/${ID} (deleted)`, container('docker')],
    [`/docker/${ID.toUpperCase()}`, { container: null }],
  ])('%s', (path, expected) => {
    expect(parseCgroupPath(path)).toMatchObject(expected);
  });
});

/** Paths for which libsystemd is asked as well. */
const SYSTEMD: readonly (readonly [string, Partial<CgroupOwner>])[] = [
  ['/', {}],
  ['/init.scope', { unit: 'init.scope' }],
  ['/system.slice', { slice: 'system.slice' }],
  ['/system.slice/ssh.service', { slice: 'system.slice', unit: 'ssh.service' }],
  ['/system.slice/ssh.service/inner/deeper', { slice: 'system.slice', unit: 'ssh.service' }],
  ['/system.slice/system-getty.slice/getty@tty1.service', { slice: 'system-getty.slice', unit: 'getty@tty1.service' }],
  ['/system.slice/system-openvpn.slice/openvpn@a\\x2db.service', { slice: 'system-openvpn.slice', unit: 'openvpn@a\\x2db.service' }],
  ['/system.slice/_cpu.service', { slice: 'system.slice', unit: 'cpu.service' }],
  ['/system.slice/not a unit', { slice: 'system.slice' }],
  ['/system.slice/template@.service', { slice: 'system.slice' }],
  ['/user.slice/user-1000.slice/session-c2.scope', { slice: 'user-1000.slice', unit: 'session-c2.scope', session: 'c2', uid: 1000 }],
  [
    '/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox.scope',
    { slice: 'user-1000.slice', unit: 'user@1000.service', userUnit: 'app-firefox.scope', uid: 1000 },
  ],
  [
    '/user.slice/user-1000.slice/user@1000.service/init.scope',
    { slice: 'user-1000.slice', unit: 'user@1000.service', userUnit: 'init.scope', uid: 1000 },
  ],
  ['/user.slice/user-1000.slice/user@1000.service', { slice: 'user-1000.slice', unit: 'user@1000.service', uid: 1000 }],
  ['/elsewhere/system.slice/ssh.service', {}],
];

test.each(SYSTEMD)('systemd: %s', (path, expected) => {
  expect(parseCgroupPath(path)).toEqual({ ...NOBODY, ...expected });
});

/** Where systemd would look on this machine: the v2 tree, alone or beside v1. */
const TREE = existsSync('/sys/fs/cgroup/unified/cgroup.procs') ? '/sys/fs/cgroup/unified' : '/sys/fs/cgroup';

function whyNot(): string | null {
  if (process.getuid?.() !== 0) return 'only root makes control groups';
  if (!existsSync(`${TREE}/cgroup.procs`)) return 'there is no v2 tree';
  return existsSync('/usr/bin/python3') ? null : 'there is no python3';
}
const missing = whyNot();
if (missing) console.warn(`SKIPPED: what libsystemd says of the same paths: ${missing}`);

/** Asks libsystemd of a process; `-` is its answer for the root slice. */
const ASK = `
import ctypes, json, sys
lib = ctypes.CDLL('libsystemd.so.0')
def text(name):
    value = ctypes.c_char_p()
    return value.value.decode() if getattr(lib, name)(int(sys.argv[1]), ctypes.byref(value)) >= 0 else None
uid = ctypes.c_uint()
owner = uid.value if lib.sd_pid_get_owner_uid(int(sys.argv[1]), ctypes.byref(uid)) >= 0 else None
print(json.dumps({'unit': text('sd_pid_get_unit'), 'slice': text('sd_pid_get_slice'), 'userUnit': text('sd_pid_get_user_unit'), 'session': text('sd_pid_get_session'), 'uid': owner}))
`;

test.skipIf(missing)('libsystemd says the same of processes in such groups', () => {
  const child = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' });
  const made: string[] = [];
  try {
    for (const [path] of SYSTEMD) {
      if (path === '/') continue;
      const names = path.slice(1).split('/');
      for (let depth = 1; depth <= names.length; depth++) {
        const directory = `${TREE}/${names.slice(0, depth).join('/')}`;
        if (existsSync(directory)) continue;
        mkdirSync(directory);
        made.push(directory);
      }
      writeFileSync(`${TREE}${path}/cgroup.procs`, String(child.pid));
      const bytes = readFileSync(`/proc/${child.pid}/cgroup`);
      expect(readOwnerPath({ buffer: bytes, length: bytes.length })).toBe(path);
      const { stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', ASK, String(child.pid)], { encoding: 'utf8' });
      expect(stderr).toBe('');
      const { unit, slice, userUnit, session, uid } = parseCgroupPath(path);
      expect({ path, ...(JSON.parse(stdout) as object) }).toEqual({ path, unit, slice: slice ?? '-.slice', userUnit, session, uid });
    }
  } finally {
    // Out of the groups first: one with a process that is dying cannot be removed.
    writeFileSync(`${TREE}/cgroup.procs`, String(child.pid));
    child.kill('SIGKILL');
    for (const directory of made.reverse()) rmdirSync(directory);
  }
});

describe('/proc/PID/cgroup', () => {
  const parse = (text: string): ReturnType<typeof parseMembership> =>
    parseMembership({ buffer: Buffer.from(text), length: Buffer.byteLength(text) });

  test('v2, v1 and hybrid', () => {
    expect(parse('0::/a:b/c\n')).toEqual({ unified: '/a:b/c', controllers: {} });
    expect(parse('12:cpu,cpuacct:/x\n1:name=systemd:/y\n0::/\n')).toEqual({
      unified: '/',
      controllers: { cpu: '/x', cpuacct: '/x', 'name=systemd': '/y' },
    });
    expect(() => parse('nothing\n')).toThrow('no line');
  });

  test.each([
    ['0::/system.slice/ssh.service\n', '/system.slice/ssh.service'],
    [`4:memory:/docker/${ID}\n1:name=systemd:/system.slice/docker.service\n0::/\n`, `/docker/${ID}`],
    [
      '4:memory:/user.slice\n1:name=systemd:/user.slice/user-0.slice/session-1.scope\n0::/user.slice\n',
      '/user.slice/user-0.slice/session-1.scope',
    ],
    ['4:memory:/process_api/1\n1:name=systemd:/\n0::/\n', '/process_api/1'],
    ['4:memory:/\n0::/\n', '/'],
  ])('%j: the path that says most', (text, path) => {
    expect(readOwnerPath({ buffer: Buffer.from(`${text}0::/stale\n`), length: Buffer.byteLength(text) })).toBe(path);
    expect(mostTellingPath(parse(text))).toBe(path);
  });
});

test('any path has an owner or none; nothing is thrown', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom(ID, '..', 'docker', 'lxc', `docker-${ID}.scope`, 'a.slice', 'user@1.service', 'pod', '\\x2d', ':'),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const owner = parseCgroupPath(`/${parts.join('/')}`);
      expect(Object.keys(owner).sort()).toEqual(Object.keys(NOBODY).sort());
    }),
  );
});
