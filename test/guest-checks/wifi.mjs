// Real Wi-Fi of two radios that the kernel emulates (mac80211_hwsim): they join one network, and iw must say what we say.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';

export const modules = ['mac80211_hwsim radios=2'];

/** A name that would be run by whoever gave it to a shell. */
const SSID = 'café "$(id)" `x`';

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });

async function read() {
  const sampler = openSampler(openHost(), { only: ['wifi'] });
  try {
    const { wifi, gaps } = await sampler.take(5);
    assert.ok(wifi, JSON.stringify(gaps));
    assert.deepEqual(gaps, []);
    return wifi.toSorted((a, b) => a.device.localeCompare(b.device));
  } finally {
    sampler.close();
  }
}

/** What `iw dev wlan0 station dump` says of each peer: `key: value` below `Station <address>`. */
function stationsOf(device) {
  const stations = new Map();
  let last;
  for (const line of run('iw', 'dev', device, 'station', 'dump').split('\n')) {
    const address = /^Station (\S+)/.exec(line)?.[1];
    if (address) stations.set(address, (last = new Map()));
    const [, key, value] = /^\s+([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (key) last.set(key, value);
  }
  return stations;
}

/** A counter that lay between two readings of it, as a peer is heard all the time. */
function between(before, theirs, after, what) {
  assert.ok(before <= theirs && theirs <= after, `${what}: ${before} <= ${theirs} <= ${after}`);
}

/** What goes up and down is what it was before, or what it was after. */
function oneOf(theirs, ours, what) {
  assert.ok(ours.includes(theirs), `${what}: ${theirs} is none of ${ours.join(', ')}`);
}

export async function check() {
  const idle = await read();
  assert.deepEqual(
    idle.map(({ device, type, ssid, stations }) => [device, type, ssid, stations]),
    [
      ['wlan0', 'station', null, []],
      ['wlan1', 'station', null, []],
    ],
  );
  assert.notEqual(idle[0].phy, idle[1].phy);
  // A monitor has no peers to ask for, which is no fault.
  run('iw', 'dev', 'wlan1', 'set', 'type', 'monitor');
  assert.deepEqual(
    (await read()).map(({ type }) => type),
    ['station', 'monitor'],
  );
  for (const device of ['wlan0', 'wlan1']) {
    run('iw', 'dev', device, 'set', 'type', 'ibss');
    run('ip', 'link', 'set', device, 'up');
    run('iw', 'dev', device, 'ibss', 'join', SSID, '2437', 'fixed-freq', '02:11:22:33:44:55');
  }
  for (let tries = 0; stationsOf('wlan0').size === 0; tries++) {
    assert.ok(tries < 100, 'The two radios did not find each other.');
    await sleep(200);
  }
  const before = await read();
  const theirs = new Map(['wlan0', 'wlan1'].map((device) => [device, stationsOf(device)]));
  const after = await read();
  assert.equal(before.length, 2);
  for (const [position, row] of before.entries()) {
    const about = run('iw', 'dev', row.device, 'info');
    assert.equal(row.index, Number(/ifindex (\d+)/.exec(about)[1]));
    assert.equal(row.phy, Number(/wiphy (\d+)/.exec(about)[1]));
    assert.equal(row.type, 'ad-hoc');
    assert.equal(row.mode, 'ad-hoc');
    assert.equal(row.ssid, SSID);
    assert.equal(row.ssidHex, Buffer.from(SSID).toString('hex'));
    assert.equal(row.bssid, '02:11:22:33:44:55');
    assert.equal(row.frequency, 2_437_000_000);
    const power = /txpower ([\d.]+) dBm/.exec(about)?.[1];
    if (power) assert.equal(row.transmitPower, Number(power));
    const peers = theirs.get(row.device);
    for (const station of row.stations) {
      const peer = peers.get(station.address);
      const later = after[position].stations.find(({ address }) => address === station.address);
      assert.ok(peer && later, `${row.device}: ${station.address} is unknown to iw`);
      const number = (key) => Number.parseFloat(peer.get(key));
      between(station.receiveBytes, number('rx bytes'), later.receiveBytes, 'rx bytes');
      between(station.receivePackets, number('rx packets'), later.receivePackets, 'rx packets');
      between(station.transmitBytes, number('tx bytes'), later.transmitBytes, 'tx bytes');
      between(station.transmitRetries, number('tx retries'), later.transmitRetries, 'tx retries');
      between(station.transmitFailures, number('tx failed'), later.transmitFailures, 'tx failed');
      between(station.connected, number('connected time'), later.connected, 'connected time');
      const said = (key) => (peer.has(key) ? number(key) : null);
      const megabits = (rate) => rate && (rate * 8) / 1e6;
      oneOf(said('signal'), [station.signal, later.signal], 'signal');
      oneOf(
        said('rx bitrate'),
        [station, later].map(({ receiveRate }) => megabits(receiveRate)),
        'rx bitrate',
      );
      oneOf(
        said('tx bitrate'),
        [station, later].map(({ transmitRate }) => megabits(transmitRate)),
        'tx bitrate',
      );
    }
  }
  assert.ok(before.some(({ stations }) => stations.length > 0));
  for (const device of ['wlan0', 'wlan1']) run('ip', 'link', 'set', device, 'down');
}
