// How a daemon begins and ends when something is wrong: settings, signals at any moment of the start, nobody who reads what it says.
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { freePort } from '../packages/observe/src/free-port.testing.ts';
import { eventually, run, start, startDaemon, temporary } from './cli.testing.ts';
import { sampledOn } from './daemon-faults.testing.ts';
import { configured } from './export.testing.ts';

const linux = process.platform === 'linux';

/** Samples of the daemon at a port; 0 while there is none. */
async function samplesAt(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
  return answer ? ((await answer.json()) as { samples: number }).samples : 0;
}

describe('a configuration that is wrong: status 2, a sentence with the file and what in it, and nothing was begun', () => {
  const exported = (more: string): string => `[[export]]\n${more}`;
  const rule = (more: string): string => `[[alerts.rule]]\nname = "mine"\n${more}`;

  it.each([
    ['no TOML', '[serve\nport = 1', /not valid TOML/],
    ['brackets for ever', '['.repeat(50_000), /not valid TOML|invalid/i],
    ['a key twice', '[serve]\nport = 1\nport = 2', /not valid TOML/],
    ['a section twice', '[serve]\n[serve]', /not valid TOML/],
    ['bytes', '\u0000\u0001\u0002', /not valid TOML/],
    ['an unknown section', '[serv]\nport = 1', /no setting "serv"/],
    ['the name of what every object has', '[constructor]\nx = 1', /no setting "constructor"/],
    ['a prototype', '[__proto__]\nport = 1', /__proto__/],
    ['a section that is a number', 'serve = 3', /\[serve\]/],
    ['a section that is a list', '[[serve]]\nport = 1', /\[serve\]/],
    ['an unknown setting', '[serve]\nprot = 1', /prot/],
    ['a port beyond all', '[serve]\nport = 65536', /port.*0 to 65535/],
    ['a port that is half', '[serve]\nport = 1.5', /port/],
    ['a port that is text', '[serve]\nport = "9095"', /port/],
    ['no connections', '[serve]\nconnections = 0', /connections/],
    ['more streams than there are', '[serve]\nstream_clients = 1e9', /stream_clients/],
    ['half a certificate', '[serve]\ntls_cert = "/x.pem"', /tls_cert and tls_key/],
    ['a name with a port', '[serve]\nnames = ["a:1/"]', /names/],
    ['a day that never was', '[record]\nkeep_days = -1', /keep_days/],
    ['no number', '[record]\nkeep_days = nan', /keep_days/],
    ['an endless number', '[record]\nkeep_days = inf', /keep_days/],
    ['bytes of no unit', '[record]\nkeep_bytes = "1 parsec"', /keep_bytes/],
    ['processes at no pace', '[record]\nprocesses_every = 0', /processes_every/],
    ['a profile that is none', '[tune]\nprofile = 7', /profile/],
    ['an export of no kind', exported('url = "http://127.0.0.1"'), /type/],
    ['an export of an unknown kind', exported('type = "carrier-pigeon"\nurl = "http://127.0.0.1"'), /type must be .*\n.*Known are/],
    ['an export to a file by address', exported('type = "influx"\nurl = "file:///etc/passwd"\ndb = "x"'), /url/],
    ['an export to nowhere', exported('type = "influx"\nurl = "http://"\ndb = "x"'), /url/],
    ['a header that is two', exported('type = "influx"\nurl = "http://127.0.0.1"\ndb = "x"\nheaders = { A = "b\\r\\nC: d" }'), /header/],
    ['a rule about nothing', rule('warning = "> 1"'), /what must be given/],
    ['a bound that is none', rule('what = "load1"\nwarning = "more"'), /warning/],
    ['a bound that is code', rule('what = "load1"\nwarning = "process.exit(0)"'), /warning/],
    ['quiet hours that are none', '[alerts]\nquiet = ["25:00-26:00"]', /quiet/],
    ['a rule of ours that is not', '[alerts]\ndisable = ["no_such_rule"]', /no_such_rule/],
  ])('%s', async (_what, text, says) => {
    const directory = join(temporary('config'), 'data');
    const env = configured(text);
    const { status, stdout, stderr } = await run(['serve', '--port', '0', '--data-dir', directory], { env });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^hecate: .*config\.toml/);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n {4}at |defect|undefined|\[object/);
    expect(stderr.length).toBeLessThan(1500);
    expect(existsSync(directory)).toBe(false);
  });

  it('a directory, and a file that may not be read, in the place of config.toml', async () => {
    const directory = temporary('config');
    mkdirSync(join(directory, 'hecate', 'config.toml'), { recursive: true });
    const { status, stderr } = await run(['serve', '--port', '0', '--no-record'], { env: { XDG_CONFIG_HOME: directory } });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^hecate: .*config\.toml cannot be read: .*\.\n/)]);
    if (process.getuid?.() === 0) return;
    const env = configured('[serve]\nport = 1\n');
    chmodSync(join(env['XDG_CONFIG_HOME']!, 'hecate', 'config.toml'), 0);
    expect(await run(['serve', '--port', '0'], { env })).toMatchObject({ status: 2, stderr: expect.stringContaining('cannot be read') });
  });

  it('a certificate that is not there, one that is none', async () => {
    for (const [text, says] of [
      [null, /hecate: .*no-such\.pem/],
      ['no certificate', /hecate: .*no-such\.pem/],
    ] as const) {
      const file = join(temporary('tls'), 'no-such.pem');
      if (text !== null) writeFileSync(file, text);
      const env = configured(`[serve]\ntls_cert = "${file}"\ntls_key = "${file}"\n`);
      const { status, stdout, stderr } = await run(['serve', '--port', '0', '--no-record'], { env });
      expect([status === 0, stdout]).toEqual([false, '']);
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/\n {4}at |defect/);
    }
  });
});

describe('SIGTERM', () => {
  it('at any moment of the start: an end without a word, files that are whole, and nothing in the way of the next one', async () => {
    const [directory, state] = [temporary('data'), temporary('state')];
    const args = ['serve', '--port', '0', '--data-dir', directory, '--interval', '0.1'];
    const began = performance.now();
    const first = start(args, { env: { XDG_STATE_HOME: state } });
    await first.until(/Recording to /);
    const whole = performance.now() - began + 300;
    expect((await first.end()).status).toBe(0);
    for (let moment = 0; moment < 24; moment++) {
      const daemon = start(args, { env: { XDG_STATE_HOME: state } });
      await sleep((whole * moment) / 24);
      const { status, signal, stderr } = await daemon.end();
      // Before it listens to signals the system ends it; from then on it ends itself, and in order.
      expect([signal, status], `after ${Math.round((whole * moment) / 24)} ms`).toEqual(signal ? ['SIGTERM', null] : [null, 0]);
      if (signal) expect(daemon.stdout()).toBe('');
      expect(stderr).toBe('');
    }
    const last = await startDaemon(['--data-dir', directory, '--interval', '0.1'], { env: { XDG_STATE_HOME: state } });
    await last.until(/Recording to /);
    await sampledOn(last, 3);
    expect(await last.json('healthz')).toMatchObject({ recording: true });
    expect(await last.end()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(directory).filter((name) => /lock|tmp|new$/.test(name))).toEqual([]);
  });

  it('twice: it does not wait for anybody', async () => {
    // A server that takes a connection and never says a word: the end waits for it some seconds.
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await new Promise((resolve) => {
      silent.once('listening', resolve);
    });
    const { port } = silent.address() as AddressInfo;
    const text = `[[export]]\ntype = "influx"\nurl = "http://127.0.0.1:${port}"\ndb = "x"\nevery = 1\n`;
    const daemon = await startDaemon(['--no-record', '--interval', '0.2'], { env: configured(text) });
    try {
      await eventually(() => new Promise<number>((resolve) => silent.getConnections((_error, count) => resolve(count))), 'a connection');
      daemon.child.kill('SIGTERM');
      daemon.child.kill('SIGTERM');
      const { status, signal } = await daemon.ended();
      expect([0, 130]).toContain(status);
      expect(signal).toBeNull();
    } finally {
      silent.close();
      silent.unref();
    }
  });
});

describe('nobody who reads', () => {
  it('both pipes are closed while it runs: it goes on, also when it has something to say', async () => {
    const directory = join(temporary('data'), 'data');
    const daemon = await startDaemon(['--data-dir', directory, '--interval', '0.1']);
    await daemon.until(/Recording to /);
    daemon.child.stdout.destroy();
    daemon.child.stderr.destroy();
    // That is said, to nobody.
    renameSync(directory, `${directory}-gone`);
    await eventually(async () => !(await daemon.json('healthz'))['recording'], 'recording fails');
    mkdirSync(directory);
    await eventually(async () => (await daemon.json('healthz'))['recording'], 'recording again');
    await sampledOn(daemon, 3);
    expect((await daemon.end()).status).toBe(0);
  });

  it('the pipes are closed before it has said its address', async () => {
    const port = await freePort();
    const daemon = start(['serve', '--port', String(port), '--data-dir', temporary('data'), '--interval', '0.1']);
    daemon.child.stdout.destroy();
    daemon.child.stderr.destroy();
    await eventually(async () => (await samplesAt(port)) > 5, 'samples');
    expect((await daemon.end()).status).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))('a full disk behind both: it goes on, also when it has something to say', async () => {
    const port = await freePort();
    const file = join(temporary('data'), 'file');
    writeFileSync(file, 'mine');
    const wrap = ['sh', '-c', 'exec "$@" >/dev/full 2>&1', 'sh'];
    const daemon = start(['serve', '--port', String(port), '--data-dir', file, '--interval', '0.1'], { wrap });
    await eventually(async () => (await samplesAt(port)) > 5, 'samples');
    expect((await daemon.end()).status).toBe(0);
  });

  it.runIf(linux)('no standard streams at all', async () => {
    const port = await freePort();
    const daemon = start(['serve', '--port', String(port), '--no-record', '--interval', '0.1'], {
      wrap: ['sh', '-c', 'exec "$@" <&- >&- 2>&-', 'sh'],
    });
    await eventually(async () => (await samplesAt(port)) > 5, 'samples');
    expect((await daemon.end()).status).toBe(0);
  });
});
