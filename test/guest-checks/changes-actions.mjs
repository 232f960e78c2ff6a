// Changes that this machine's kernel or its first program cannot make: real modules, compressed swap whose module comes in the same
// plan, options of the root, and units of a real systemd; each applied by the engine, seen by other programs, and rolled back.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, openHandlers, parsePlan } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import { noSystemd, withSystemd } from '../guest/systemd.mjs';

const handlers = openHandlers();

/** A plan of these actions. */
const planOf = (...actions) =>
  parsePlan(
    { component: 'check', title: 'check', changes: actions.map((action) => ({ action, why: 'check', source: 'check' })) },
    handlers,
  );

/** An engine with a journal of its own. */
function openChecked() {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-changes-'));
  const engine = openEngine({ host: openWritableHost(openHost()), handlers, directory });
  return {
    engine,
    /** Applies, looks, rolls back. */
    async cycle(look, ...actions) {
      const { id } = await engine.apply(planOf(...actions));
      assert.deepEqual(
        (await engine.verify(id)).filter(({ verdict }) => verdict !== 'kept'),
        [],
      );
      await look();
      const { failures, transaction } = await engine.rollBack(id);
      assert.deepEqual(failures, []);
      assert.deepEqual(
        [...new Set(transaction.steps.map(({ state }) => state))].filter((state) => state !== 'same'),
        ['restored'],
      );
    },
    /** The sentence with which a plan is refused. */
    async refusal(...actions) {
      const [{ obstacle }] = await engine.preview(planOf(...actions));
      return `${obstacle?.code} ${obstacle?.sentence}`;
    },
    close: () => rmSync(directory, { recursive: true }),
  };
}

const loaded = (name) =>
  readFileSync('/proc/modules', 'utf8')
    .split('\n')
    .some((line) => line.startsWith(`${name} `));
const disks = () =>
  readdirSync('/sys/block')
    .filter((name) => name.startsWith('nullb'))
    .sort();

async function modules({ cycle, refusal }) {
  // Another check of this boot may have wanted them.
  for (const name of ['null_blk', 'dummy']) if (loaded(name)) execFileSync('modprobe', ['--remove', name]);
  await cycle(() => assert.deepEqual(disks(), ['nullb0', 'nullb1', 'nullb2']), {
    kind: 'module',
    module: 'null-blk',
    loaded: true,
    parameters: { nr_devices: '3', gb: '0x1', no_sched: '1' },
  });
  assert.ok(!loaded('null_blk'));
  // Its parameter is one that the kernel does not show.
  await cycle(() => assert.ok(existsSync('/sys/class/net/dummy1')), {
    kind: 'module',
    module: 'dummy',
    loaded: true,
    parameters: { numdummies: '2' },
  });
  assert.ok(!loaded('dummy'));

  execFileSync('modprobe', ['null_blk', 'nr_devices=2', 'gb=1', 'blocking=1']);
  const parameters = () => execFileSync('grep', ['-r', '.', '/sys/module/null_blk/parameters'], { encoding: 'utf8' }).split('\n').sort();
  const before = parameters();
  await cycle(() => assert.deepEqual(disks(), []), { kind: 'module', module: 'null_blk', loaded: false });
  assert.deepEqual(parameters(), before);
  assert.deepEqual(disks(), ['nullb0', 'nullb1']);
  assert.match(
    await refusal({ kind: 'module', module: 'null_blk', loaded: true, parameters: { nr_devices: '5' } }),
    /^CONFLICT .* with nr_devices=2\.$/,
  );
  execFileSync('modprobe', ['--remove', 'null_blk']);

  assert.match(await refusal({ kind: 'module', module: '9pnet', loaded: false }), /^CONFLICT The module 9pnet is in use by .*9p/);
  assert.match(await refusal({ kind: 'module', module: 'overlay', loaded: false }), /^CONFLICT The module overlay is in use \d+ times/);
  assert.equal(
    await refusal({ kind: 'module', module: 'no_such_thing', loaded: true }),
    'UNAVAILABLE This kernel has no module no_such_thing.',
  );
  const builtIn = readFileSync(`/lib/modules/${openHost().readText('/proc/sys/kernel/osrelease').trim()}/modules.builtin`, 'utf8');
  const name = /([\w-]+)\.ko$/m.exec(builtIn)[1];
  assert.match(await refusal({ kind: 'module', module: name, loaded: false }), /^UNSUPPORTED .* is built into this kernel/);
}

/** The module and the swap that needs it, in one plan. */
async function compressedSwap({ cycle }) {
  assert.ok(!loaded('zram'));
  const swaps = () => readFileSync('/proc/swaps', 'utf8');
  const before = swaps();
  await cycle(
    () => assert.match(swaps(), /^\/dev\/zram0\s+partition\s+\d+\s+\d+\s+77$/m),
    { kind: 'module', module: 'zram', loaded: true },
    { kind: 'zram', device: 'zram0', size: 16 << 20, algorithm: 'zstd', priority: 77 },
  );
  assert.equal(swaps(), before);
  assert.ok(!loaded('zram'));
}

/** The root of a machine, which this machine must not touch: an overlay. */
async function rootMount({ cycle }) {
  const line = () =>
    readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .find((one) => one.split(' ')[4] === '/');
  const before = line();
  await cycle(() => assert.match(line(), / \/ rw,noatime,nodiratime .*overlay/), {
    kind: 'mount',
    target: '/',
    options: ['noatime', 'nodiratime'],
  });
  assert.equal(line(), before);
}

const GOOD = '[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/sleep 100000\n[Install]\nWantedBy=hecate-own.target\n';
const UNITS = {
  'hecate-good.service': GOOD,
  'hecate-slow.service': GOOD.replace('[Service]', '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStartPre=/bin/sleep 2').replace(
    '100000',
    '0',
  ),
  'hecate-static.service': '[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/sleep 100000\n',
  'hecate-bad.service': '[Unit]\nDefaultDependencies=no\n[Service]\nType=exec\nExecStart=/nowhere/program\n',
};

/** Units, looked at by systemctl itself. Runs where systemd is process 1. */
export async function units() {
  const { cycle, refusal, engine, close } = openChecked();
  const systemctl = (...args) => spawnSync('systemctl', args, { encoding: 'utf8' }).stdout.trim();
  const state = (name) => [systemctl('is-active', name), systemctl('is-enabled', name)].join(' ');
  const good = (wish) => ({ kind: 'unit', unit: 'hecate-good.service', ...wish });
  assert.equal(state('hecate-good.service'), 'inactive disabled');
  await cycle(() => assert.equal(state('hecate-good.service'), 'active enabled'), good({ active: true, enabled: true }));
  assert.equal(state('hecate-good.service'), 'inactive disabled');
  systemctl('enable', '--now', 'hecate-good.service');
  await cycle(() => assert.equal(state('hecate-good.service'), 'inactive masked'), good({ active: false, masked: true }));
  assert.equal(state('hecate-good.service'), 'active enabled');
  // It is starting while we look.
  systemctl('start', '--no-block', 'hecate-slow.service');
  assert.deepEqual(
    await engine.preview(planOf({ kind: 'unit', unit: 'hecate-slow.service', active: true })).then(([step]) => step.verdict),
    'same',
  );
  assert.match(await refusal({ kind: 'unit', unit: 'hecate-static.service', enabled: true }), /^INVALID .*neither enabled nor disabled/);
  assert.equal(
    await refusal({ kind: 'unit', unit: 'hecate-none.service', active: true }),
    'UNAVAILABLE There is no unit hecate-none.service on this machine.',
  );
  await assert.rejects(engine.apply(planOf(good({ active: false }), { kind: 'unit', unit: 'hecate-bad.service', active: true })), {
    code: 'ROLLED_BACK',
  });
  assert.equal(state('hecate-good.service'), 'active enabled');
  close();
}

export async function check() {
  const checked = openChecked();
  await modules(checked);
  await compressedSwap(checked);
  await rootMount(checked);
  checked.close();
  const missing = noSystemd();
  if (missing) return void process.stdout.write(`SKIPPED: units of a real systemd: ${missing}\n`);
  await withSystemd(UNITS, (inside) =>
    inside(process.execPath, '--input-type=module', '-e', `await (await import('${import.meta.url}')).units();`),
  );
}
