/**
 * Programs that tell what a machine is for, by the name that the kernel keeps of a process: its first 15 bytes.
 * The value is what people call it.
 */
type Programs = Readonly<Record<string, string>>;

/** Container engines and orchestrators. `conmon` and `containerd-shim` watch containers that run. */
export const CONTAINER_ENGINES: Programs = {
  dockerd: 'docker',
  containerd: 'containerd',
  podman: 'podman',
  conmon: 'podman',
  crio: 'crio',
  kubelet: 'kubelet',
  'k3s-server': 'kubelet',
  'k3s-agent': 'kubelet',
  lxd: 'lxd',
  incusd: 'incus',
};

/** Servers that keep data. */
export const DATABASES: Programs = {
  postgres: 'postgres',
  postmaster: 'postgres',
  mysqld: 'mysqld',
  mariadbd: 'mariadbd',
  mongod: 'mongod',
  'redis-server': 'redis-server',
  'valkey-server': 'valkey-server',
  memcached: 'memcached',
  'clickhouse-serv': 'clickhouse-server',
  'clickhouse-server': 'clickhouse-server',
  influxd: 'influxd',
  cockroach: 'cockroach',
  scylla: 'scylla',
  sqlservr: 'sqlservr',
};

/** Servers of other kinds. */
export const SERVERS: Programs = {
  nginx: 'nginx',
  apache2: 'apache2',
  httpd: 'httpd',
  caddy: 'caddy',
  lighttpd: 'lighttpd',
  haproxy: 'haproxy',
  envoy: 'envoy',
  traefik: 'traefik',
  varnishd: 'varnishd',
  squid: 'squid',
  named: 'named',
  unbound: 'unbound',
  smbd: 'smbd',
  nfsd: 'nfsd',
  dovecot: 'dovecot',
  slapd: 'slapd',
  'php-fpm': 'php-fpm',
  'rpc.mountd': 'nfsd',
};

/** Display servers and what starts them. Xvfb is none: nobody can see it. */
export const DISPLAYS: Programs = Object.fromEntries(
  'Xorg,gnome-shell,kwin_wayland,kwin_x11,sway,weston,Hyprland,labwc,cosmic-comp,gamescope-wl,gdm,gdm3,sddm,lightdm'
    .split(',')
    .map((name) => [name, name]),
);

/** What starts games, or makes the machine ready for them. */
export const GAMES: Programs = {
  steam: 'steam',
  lutris: 'lutris',
  gamemoded: 'gamemoded',
  gamescope: 'gamescope',
  'gamescope-wl': 'gamescope',
  heroic: 'heroic',
};

/** Compilers and editors, by the name of the program in /usr/bin. */
export const DEVELOPMENT: Programs = Object.fromEntries(
  'gcc,clang,rustc,go,javac,node,code,codium,nvim,emacs,git,cmake,gdb'.split(',').map((name) => [name, name]),
);

/** Sound servers and others that want an answer in time. */
export const REALTIME: Programs = { jackd: 'jackd', jackdbus: 'jackd', linuxcncsvr: 'linuxcnc', linuxcncrsh: 'linuxcnc' };

/** What of a table is among the names, each once and in the table's order. */
export function pick(table: Programs, names: ReadonlySet<string>): string[] {
  return [...new Set(Object.entries(table).flatMap(([name, called]) => (names.has(name) ? [called] : [])))];
}
