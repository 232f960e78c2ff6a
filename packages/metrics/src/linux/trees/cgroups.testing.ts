import type { Link, Tree } from '../rooted-tree.testing.ts';

/** Id of the container of docker in the tree. */
export const DOCKER_ID = 'd0'.repeat(32);
/** Id of the container of a Kubernetes pod. */
export const POD_CONTAINER_ID = 'c1'.repeat(32);
/** Id of the container of podman, which has its processes one level down. */
export const PODMAN_ID = 'b2'.repeat(32);

const ROOT = 'sys/fs/cgroup';
const POD = `${ROOT}/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1b2c3d4e_0000_1111_2222_333344445555.slice`;
const SERVICE = `${ROOT}/system.slice/hecate.service`;

const pressure = (total: number): string =>
  `some avg10=1.50 avg60=0.75 avg300=0.25 total=${total}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${total / 2}\n`;

/** The files of a group of v2 with all controllers, as Linux 6.1 writes them. */
function group(
  directory: string,
  scale: number,
  limits: { memory: string; cpu: string; pids: string },
  pids: readonly number[],
): Record<string, string> {
  const files: Record<string, string> = {
    'cgroup.procs': pids.map((pid) => `${pid}\n`).join(''),
    'cgroup.events': 'populated 1\nfrozen 0\n',
    'cpu.stat': `usage_usec ${3_000_000 * scale}\nuser_usec ${2_000_000 * scale}\nsystem_usec ${1_000_000 * scale}\ncore_sched.force_idle_usec 0\nnr_periods ${100 * scale}\nnr_throttled ${25 * scale}\nthrottled_usec ${500_000 * scale}\nnr_bursts 0\nburst_usec 0\n`,
    'cpu.max': `${limits.cpu} 100000\n`,
    'cpu.pressure': pressure(4_000_000 * scale),
    'memory.current': `${100_000_000 * scale}\n`,
    'memory.max': `${limits.memory}\n`,
    'memory.high': 'max\n',
    'memory.swap.current': `${4096 * scale}\n`,
    'memory.swap.max': 'max\n',
    'memory.stat': `anon ${40_000_000 * scale}\nfile ${50_000_000 * scale}\nkernel 1000000\nfile_mapped ${7_000_000 * scale}\ninactive_anon 1\nactive_anon 2\ninactive_file ${30_000_000 * scale}\nactive_file ${20_000_000 * scale}\n`,
    'memory.events': `low 0\nhigh ${3 * scale}\nmax ${5 * scale}\noom ${2 * scale}\noom_kill ${scale}\noom_group_kill 0\n`,
    'memory.pressure': pressure(2_000_000 * scale),
    'io.stat': `8:0 rbytes=${1000 * scale} wbytes=${2000 * scale} rios=${10 * scale} wios=${20 * scale} dbytes=0 dios=0\n253:0 rbytes=${1000 * scale} wbytes=${2000 * scale} rios=${10 * scale} wios=${20 * scale} dbytes=0 dios=0\n259:7 \n`,
    'io.pressure': pressure(1_000_000 * scale),
    'pids.current': `${3 * scale}\n`,
    'pids.max': `${limits.pids}\n`,
  };
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${directory}/${name}`, content]));
}

const processFiles = (pid: number, namespace: string, received: number): Record<string, string | Link> => ({
  [`proc/${pid}/stat`]: `${pid} (a) b) S 1 ${pid} ${pid} 0 -1 4194560 0 0 0 0 7 3 0 0 20 0 1 0 ${pid * 100} 1000 10\n`,
  [`proc/${pid}/ns/net`]: { link: `net:[${namespace}]` },
  [`proc/${pid}/net/dev`]: `Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n  eth0: ${received} 20 1 2 0 0 0 0 600 30 3 4 0 0 0 0\n`,
});

/** A machine with cgroup v2, systemd, docker, podman and Kubernetes; its program runs in hecate.service. */
export const tree: Tree = {
  'proc/cgroups': '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t0\t120\t1\nmemory\t0\t120\t1\nnet_cls\t0\t1\t0\n',
  'proc/self/cgroup': '0::/system.slice/hecate.service\n',
  'proc/1/mountinfo':
    '25 30 0:23 / /sys rw shared:7 - sysfs sysfs rw\n35 25 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n',
  'proc/1/ns/net': { link: 'net:[4026531840]' },
  'sys/dev/block/253:0/slaves/sda': '',
  [`${ROOT}/cgroup.controllers`]: 'cpuset cpu io memory hugetlb pids rdma misc\n',
  [`${ROOT}/cpuset.cpus.effective`]: '0-3,8-9\n',
  [`${ROOT}/cpu.stat`]: 'usage_usec 900000000\nuser_usec 600000000\nsystem_usec 300000000\n',
  ...group(`${ROOT}/system.slice`, 9, { memory: '500000000', cpu: 'max', pids: 'max' }, []),
  ...group(SERVICE, 1, { memory: '600000000', cpu: '150000', pids: '4915' }, [10]),
  ...group(`${ROOT}/system.slice/docker-${DOCKER_ID}.scope`, 2, { memory: '268435456', cpu: '50000', pids: '100' }, [4100]),
  ...processFiles(4100, '4026532500', 500),
  ...group(`${POD}/cri-containerd-${POD_CONTAINER_ID}.scope`, 3, { memory: 'max', cpu: 'max', pids: 'max' }, [4200]),
  ...processFiles(4200, '4026531840', 900),
  ...group(`${ROOT}/machine.slice/libpod-${PODMAN_ID}.scope`, 4, { memory: 'max', cpu: 'max', pids: '2048' }, []),
  ...group(`${ROOT}/machine.slice/libpod-${PODMAN_ID}.scope/container`, 4, { memory: 'max', cpu: 'max', pids: 'max' }, [4300]),
  ...processFiles(4300, '4026532700', 700),
  [`var/lib/docker/containers/${DOCKER_ID}/config.v2.json`]: JSON.stringify({ Name: '/web', Config: { Image: 'nginx:1.27', Labels: {} } }),
  [`run/containerd/io.containerd.runtime.v2.task/k8s.io/${POD_CONTAINER_ID}/config.json`]: JSON.stringify({
    annotations: {
      'io.kubernetes.cri.container-name': 'api',
      'io.kubernetes.cri.sandbox-name': 'api-7d4b9',
      'io.kubernetes.cri.sandbox-namespace': 'shop',
      'io.kubernetes.cri.image-name': 'registry.example/api:3',
    },
  }),
  'var/lib/containers/storage/overlay-containers/containers.json': JSON.stringify([
    { id: PODMAN_ID, names: ['cache'], metadata: JSON.stringify({ 'image-name': 'docker.io/library/redis:7', name: 'cache' }) },
  ]),
};
