// Runs in the guest of changes-panic.mjs: mounts the disk, recovers, says what the files are, and makes the kernel panic in the middle of work.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openEngine, openHandlers } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import { digestOf } from './changes-tree.mjs';

const [work, panicAt, when] = process.argv.slice(2);
const DISK = '/run/disk';
for (const name of ['virtio_blk', 'ext4']) execFileSync('modprobe', [name]);
mkdirSync(DISK, { recursive: true });
execFileSync('mount', ['-t', 'ext4', '/dev/vda', DISK]);

const file = (name, content, mode) => ({ kind: 'file', path: `${DISK}/etc/${name}`, content, ...(mode === undefined ? {} : { mode }) });
const actions = [
  { kind: 'sysctl', key: 'vm.swappiness', value: '11' },
  file('file-0.conf', 'changed\n'),
  file('file-1.conf', 'changed\n'.repeat(3000), 0o644),
  file('file-2.conf', null),
  file('conf.d/new.conf', 'new\n', 0o600),
  { kind: 'link', path: `${DISK}/etc/link`, target: 'file-5.conf' },
  file('made/for/this.conf', 'new\n'),
  file('file-5.conf', ''),
];
const plan = { component: 'panic', title: 'panic', changes: actions.map((action) => ({ action, why: 'x', source: 'x', risk: 'live' })) };

let writes = 0;
const panic = () => {
  process.stdout.write(`panics at write ${writes}\n`);
  writeFileSync('/proc/sysrq-trigger', 'c');
};
const real = openWritableHost(openHost());
/** Does what a host does, and panics at one of its writes. */
const counted =
  (name) =>
  (...given) => {
    const isLast = armed && String(writes++) === panicAt;
    if (isLast && when === 'before') panic();
    real[name](...given);
    if (isLast) panic();
  };
let armed = false;
const names = ['setValue', 'placeFile', 'placeLink', 'removeFile', 'makeDirectory', 'removeDirectory'];
const host = { ...real, ...Object.fromEntries(names.map((name) => [name, counted(name)])) };
const engine = openEngine({ host, handlers: openHandlers(), directory: `${DISK}/journal`, say: (sentence) => console.log(sentence) });

const swappiness = readFileSync('/proc/sys/vm/swappiness', 'utf8');
const rollbacks = await engine.recover();
const live = engine.list().filter(({ phase }) => phase !== 'ended');
for (const { id } of live) await engine.rollBack(id);
if (rollbacks.some(({ failures }) => failures.length > 0) || engine.list().some(({ phase }) => phase !== 'ended'))
  throw new Error('not recovered');
if (readFileSync('/proc/sys/vm/swappiness', 'utf8') !== swappiness) throw new Error('A value of this boot was changed.');
console.log(
  `RECOVERED ${rollbacks.map(({ transaction }) => transaction.steps.map(({ state }) => state).join(',')).join(' ') || 'nothing'}`,
);
console.log(`FILES ${digestOf(`${DISK}/etc`)}`);
if (work !== 'nothing') {
  armed = work === 'apply';
  const { id } = await engine.apply(plan);
  armed = true;
  await engine.rollBack(id);
  throw new Error('It did not panic.');
}
execFileSync('umount', [DISK]);
