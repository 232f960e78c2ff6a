// Interfaces of every kind that Debian's kernel makes, bonds, queues and connections: what the kernel tells in messages must be
// what its files say, and what ip, tc and ss say.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';

export const modules = [
  'dummy',
  'bonding',
  'veth',
  'bridge',
  '8021q',
  'macvlan',
  'ipip',
  'sit',
  'vxlan',
  'tun',
  'sch_fq_codel',
  'tcp_diag',
];

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });
const json = (program, ...args) => JSON.parse(run(program, ...args));
const byDevice = (a, b) => a.device.localeCompare(b.device);

async function read(name, host = openHost()) {
  const sampler = openSampler(host, { only: [name] });
  try {
    const snapshot = await sampler.take(5);
    assert.ok(snapshot[name], JSON.stringify(snapshot.gaps));
    return snapshot[name];
  } finally {
    sampler.close();
  }
}

/** This machine, as one whose kernel cannot be asked. */
function filesOnly() {
  return {
    ...openHost(),
    kind: 'rooted',
    resolve(file) {
      if (file.startsWith('/proc/1')) throw Object.assign(new Error('ENOENT: made for a test'), { code: 'ENOENT' });
      return file;
    },
  };
}

function makeInterfaces() {
  run('ip', 'link', 'add', 'dummy7', 'type', 'dummy');
  run('ip', 'link', 'set', 'dummy7', 'alias', 'an alias with spaces');
  run('ip', 'link', 'add', 'port1', 'type', 'veth', 'peer', 'name', 'peer1');
  run('ip', 'link', 'add', 'port2', 'type', 'veth', 'peer', 'name', 'peer2');
  run('ip', 'link', 'add', 'bond7', 'type', 'bond', 'mode', 'active-backup', 'miimon', '100');
  for (const port of ['port1', 'port2']) run('ip', 'link', 'set', port, 'master', 'bond7');
  for (const name of ['peer1', 'peer2', 'bond7', 'dummy7']) run('ip', 'link', 'set', name, 'up');
  run('ip', 'link', 'add', 'link', 'dummy7', 'name', 'dummy7.5', 'type', 'vlan', 'id', '5');
  run('ip', 'link', 'add', 'link', 'dummy7', 'name', 'mac7', 'type', 'macvlan');
  run('ip', 'link', 'add', 'br7', 'mtu', '1400', 'type', 'bridge');
  run('ip', 'link', 'set', 'br7', 'group', '12');
  run('ip', 'link', 'add', 'tun7', 'type', 'ipip', 'local', '192.0.2.1', 'remote', '192.0.2.2');
  run('ip', 'link', 'add', 'vx7', 'type', 'vxlan', 'id', '7', 'dstport', '4789');
  run('ip', 'tuntap', 'add', 'tap7', 'mode', 'tap');
  run('ip', 'address', 'add', '192.0.2.1/24', 'dev', 'dummy7');
  run('ip', 'address', 'add', '2001:db8::7/64', 'dev', 'dummy7', 'nodad');
}

async function checkInterfaces() {
  // Packets that nobody wants come all the time.
  const bare = (rows) =>
    rows.map((row) => ({ ...row, addresses: null, internetAddresses: null, receiveNoHandler: null })).toSorted(byDevice);
  const told = await read('interface');
  assert.ok(told.length >= 14, String(told.length));
  assert.deepEqual(bare(told), bare(await read('interface', filesOnly())));
  for (const link of json('ip', '-j', '-d', 'address')) {
    const row = told.find(({ device }) => device === link.ifname);
    assert.equal(row.mtu, link.mtu);
    assert.equal(row.index, link.ifindex);
    assert.equal(row.operstate, link.operstate.toLowerCase());
    assert.deepEqual(
      row.addresses,
      link.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    );
  }
}

async function checkBond() {
  const wait = () => json('ip', '-j', '-d', 'link', 'show', 'bond7')[0].linkinfo.info_data.active_slave;
  while (wait() !== 'port1') await new Promise((resolve) => setTimeout(resolve, 50));
  const bond = (await read('bonding')).find(({ master }) => master === 'bond7');
  assert.deepEqual(
    [bond.mode, bond.activeMember, bond.count, bond.active, bond.members.map(({ device }) => device).toSorted()],
    ['active-backup', 'port1', 2, 2, ['port1', 'port2']],
  );
  run('ip', 'link', 'set', 'peer1', 'down');
  while (wait() !== 'port2') await new Promise((resolve) => setTimeout(resolve, 50));
  const after = (await read('bonding')).find(({ master }) => master === 'bond7');
  assert.deepEqual([after.activeMember, after.active], ['port2', 1]);
  assert.equal(after.members.find(({ device }) => device === 'port1').linkFailures, 1);
}

async function checkQueues() {
  run('tc', 'qdisc', 'replace', 'dev', 'dummy7', 'root', 'fq_codel');
  const ours = await read('qdisc');
  const theirs = json('tc', '-s', '-j', 'qdisc', 'show');
  assert.deepEqual(
    ours.map(({ device, kind, bytes, packets, drops }) => ({ dev: device, kind, bytes, packets, drops })),
    theirs.map(({ dev, kind, bytes, packets, drops }) => ({ dev, kind, bytes, packets, drops })),
  );
}

async function checkConnections() {
  const server = createServer().listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address();
  const client = connect(port, '127.0.0.1');
  const [[accepted]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  client.write('x'.repeat(5000));
  await once(accepted, 'data');
  const ours = (await read('connections')).connections.filter((row) => row.localPort === port || row.remotePort === port);
  const said = run('ss', '-tanpiOH', `( sport = :${port} or dport = :${port} )`);
  assert.equal(ours.length, 3);
  assert.equal(said.trim().split('\n').length, 3);
  for (const row of ours) assert.deepEqual(row.owners, [{ pid: process.pid, name: 'node' }]);
  const here = ours.find(({ remotePort }) => remotePort === port);
  assert.equal(here.bytesAcked, 5001);
  assert.ok(said.includes('bytes_acked:5001'), said);
  assert.ok(here.roundTripTime > 0 && here.roundTripTime < 5);
  assert.ok(here.cgroup > 0);
  for (const socket of [client, accepted]) socket.destroy();
  server.close();
}

export async function check() {
  makeInterfaces();
  await checkInterfaces();
  await checkBond();
  await checkQueues();
  await checkConnections();
}
