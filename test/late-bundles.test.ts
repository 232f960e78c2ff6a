import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';

/** Writes down every file that Node loads. */
const SPY = `
const Module = require('node:module');
const { appendFileSync } = require('node:fs');
const load = Module._extensions['.js'];
const note = (name) => { const inner = Module._extensions[name] || load; Module._extensions[name] = (module, file) => { appendFileSync(process.env.SPY_LOG, file + '\\n'); return inner(module, file); }; };
note('.cjs'); note('.js'); note('.node');
`;

/** The bundles and native libraries that a daemon with this configuration has loaded once it is at work, by name. */
async function loadedBy(config: string): Promise<{ readonly names: readonly string[]; readonly end: () => Promise<unknown> }> {
  const directory = temporary('late');
  const [spy, log] = [join(directory, 'spy.cjs'), join(directory, 'log')];
  writeFileSync(spy, SPY);
  mkdirSync(join(directory, 'config', 'hecate'), { recursive: true });
  writeFileSync(join(directory, 'config', 'hecate', 'config.toml'), config);
  const daemon = await startDaemon([], {
    env: { NODE_OPTIONS: `--require ${spy}`, SPY_LOG: log, XDG_CONFIG_HOME: join(directory, 'config') },
  });
  await eventually(async () => {
    const { samples } = (await (await fetch(new URL('healthz', daemon.url))).json()) as { samples: number };
    return samples >= 3;
  }, 'three samples');
  // A start of another process writes there too, later than this.
  return {
    names: existsSync(log)
      ? readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((file) => basename(file))
      : [],
    end: () => daemon.end(),
  };
}

/** What only some daemons need. */
const HEAVY = [
  'transport-mqtt.cjs',
  'notify-smtp.cjs',
  'serve-grpc.cjs',
  'serve-export.cjs',
  'serve-tuning.cjs',
  'serve-acting.cjs',
  'web-socket.cjs',
  'darwin.cjs',
];

test('a daemon that was told nothing loads none of the heavy clients', async () => {
  const { names, end } = await loadedBy('');
  await end();
  expect(names).toContain('serve.cjs');
  expect(names.filter((name) => HEAVY.includes(name))).toEqual([]);
});

test('one that was told to send to MQTT loads just that, and what its library brings', async () => {
  const broker = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => {
    broker.listen(0, '127.0.0.1', resolve);
  });
  const { port } = broker.address() as AddressInfo;
  try {
    const { names, end } = await loadedBy(`[[export]]\ntype = "mqtt"\nurl = "mqtt://127.0.0.1:${port}"\nevery = 1\n`);
    await end();
    expect(names.filter((name) => HEAVY.includes(name))).toEqual(['serve-export.cjs', 'transport-mqtt.cjs', 'web-socket.cjs']);
  } finally {
    broker.close();
  }
});

/** Lets a program believe that it runs on a Mac. No library of Apple is there: CPU times are those that Node.js tells. */
const MAC = "Object.defineProperty(process, 'platform', { value: 'darwin' });";

test.skipIf(process.platform === 'darwin')('what is for macOS lies in a bundle of its own, which a Mac loads', async () => {
  const directory = temporary('late');
  const [spy, log] = [join(directory, 'spy.cjs'), join(directory, 'log')];
  for (const [source, loads] of [
    [SPY, false],
    [SPY + MAC, true],
  ] as const) {
    writeFileSync(spy, source);
    const { status, stdout } = await run(['snapshot', '--only', 'cpu', '--interval', '0', '--format', 'json'], {
      env: { NODE_OPTIONS: `--require ${spy}`, SPY_LOG: log },
    });
    expect(status).toBe(0);
    expect(readFileSync(log, 'utf8').includes('/darwin.cjs'), source).toBe(loads);
    const { cpu } = JSON.parse(stdout) as { cpu: { total: { user: number; iowait: number | null } } };
    expect(cpu.total.user).toBeGreaterThan(0);
    expect(cpu.total.iowait === null).toBe(loads);
  }
});
