// The daemon as a service of a real systemd: installed by the command line, seen from outside, killed, replaced, and taken away without
// a trace. Inside it is another user in a sandbox; what it cannot see there is listed in docs/service.md.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { noSystemd, withSystemd } from '../guest/systemd.mjs';

const CHECKOUT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Where the service runs it from: wherever the checkout lies, under /tmp or a home, here every user may look. */
const INSTALLED = '/opt/hecate-installed';
const CLI = join(INSTALLED, 'packages', 'cli', 'bin', 'hecate.cjs');
const UNIT_PATH = '/etc/systemd/system/hecate.service';
const DROP_IN = '/etc/systemd/system/hecate.service.d';
const WANTS = '/etc/systemd/system/multi-user.target.wants/hecate.service';

async function service(inside) {
  const hecate = (...words) => inside(process.execPath, CLI, ...words);
  // Its exit status is 1 while it does not run.
  const state = () => JSON.parse(inside('sh', '-c', '"$@" || true', 'sh', process.execPath, CLI, 'service', 'status', '--format', 'json'));
  const fetched = async (path, port) => (await fetch(`http://127.0.0.1:${port}${path}`)).json();

  assert.equal(state().installed, false);
  hecate('service', 'install', '--port', '9201');
  const first = state();
  assert.deepEqual([first.installed, first.running, first.enabled], [true, true, true], JSON.stringify(first));
  assert.ok(existsSync(UNIT_PATH) && existsSync(WANTS));
  assert.equal((await fetched('/healthz', 9201)).status, 'ok', 'READY=1 came before it listened');

  // Another user, who sees the I/O of all processes and by which route.
  const uid = inside('ps', '-o', 'uid=', '-p', String(first.pid)).trim();
  assert.notEqual(uid, '0');
  const unknown = async () => {
    const { processes } = await fetched('/api/v1/processes', 9201);
    const root = processes.filter((one) => one.uid === 0 && !one.kernel);
    assert.ok(root.length > 0, `${root.length} processes of root`);
    return root.filter((one) => one.readBytes === null).map((one) => one.name);
  };
  // It is read at every fifth sample.
  for (const end = Date.now() + 30_000; (await unknown()).length > 0; await sleep(500)) {
    assert.ok(Date.now() < end, `the I/O of these is not known: ${await unknown()}`);
  }
  const snapshot = await fetched('/api/v1/snapshot', 9201);
  const gaps = snapshot.gaps.filter(({ reason }) => reason === 'permission' || reason === 'error');
  process.stdout.write(`  it cannot read: ${gaps.map(({ field, detail }) => `${field} (${detail})`).join('; ') || 'nothing'}\n`);
  assert.equal((await fetched('/healthz', 9201)).recording, true);

  // Killed, it comes back.
  inside('kill', '-KILL', String(first.pid));
  const mainPid = () => Number(inside('systemctl', 'show', '--property=MainPID', '--value', 'hecate.service'));
  for (const end = Date.now() + 60_000; [0, first.pid].includes(mainPid()); await sleep(500)) assert.ok(Date.now() < end, 'it stays dead');
  for (const end = Date.now() + 60_000; !state().running; await sleep(500)) assert.ok(Date.now() < end, 'it does not start');

  // With other options it takes the place of the one before; and it is one change, which can be seen and undone.
  hecate('service', 'install', '--port', '9202');
  assert.equal((await fetched('/healthz', 9202)).status, 'ok');
  assert.match(hecate('changes', 'list'), /service serve --port 9202/);
  assert.match(hecate('service', 'install', '--port', '9202'), /Nothing to do/);
  assert.match(hecate('service', 'uninstall'), /./);
  assert.deepEqual([existsSync(UNIT_PATH), existsSync(WANTS), state().installed], [false, false, false]);
  await assert.rejects(fetched('/healthz', 9202));

  // One that cannot start is not left behind.
  mkdirSync('/etc/hecate');
  writeFileSync('/etc/hecate/config.toml', '[serve]\ntls_cert = "/nowhere/cert.pem"\ntls_key = "/nowhere/key.pem"\n');
  assert.throws(() => hecate('service', 'install'), /hecate\.service/);
  // What is wrong with the settings is said before anything is tried, and a profile in them means the service that may tune.
  writeFileSync('/etc/hecate/config.toml', '[[[');
  assert.throws(() => hecate('service', 'install'), /config\.toml is not valid TOML/);
  writeFileSync('/etc/hecate/config.toml', '[tune]\nprofile = "server"\n');
  assert.doesNotMatch(hecate('service', 'print'), /DynamicUser/);
  rmSync('/etc/hecate', { recursive: true });
  assert.deepEqual([existsSync(UNIT_PATH), existsSync(WANTS)], [false, false]);
}

export async function check() {
  const missing = noSystemd();
  if (missing) return void process.stdout.write(`SKIPPED: a service of a real systemd: ${missing}\n`);
  // A service begins when the machine is set up (sysinit.target). This guest was set up otherwise, and what Debian starts for it here
  // waits for devices that it has not, and empties /tmp.
  mkdirSync(DROP_IN);
  writeFileSync(join(DROP_IN, 'guest.conf'), '[Unit]\nDefaultDependencies=no\n');
  mkdirSync(INSTALLED, { recursive: true });
  execFileSync('mount', ['--bind', CHECKOUT, INSTALLED]);
  try {
    await withSystemd({}, service);
  } finally {
    execFileSync('umount', [INSTALLED]);
    rmdirSync(INSTALLED);
    rmSync(DROP_IN, { recursive: true });
  }
}
