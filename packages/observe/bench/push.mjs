// CPU and size of one sample in each format that is pushed, beside JSON.stringify of the same snapshot; and what our own protobuf
// and snappy cost beside the libraries. Interpreted, as the daemon runs.
// Run `npm run build` first; then `node packages/observe/bench/push.mjs [rounds]`.
import { spawnSync } from 'node:child_process';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { openHost } from '@hecate/host';
import { deriveRates, openSampler } from '@hecate/metrics';
import snappy from 'snappyjs';
import { familiesOf } from '../dist/export/families.js';
import { FORMATS } from '../dist/push/formats.js';
import { createProtobufWriter } from '../dist/push/protobuf-writer.js';
import { machineRow } from '../dist/record/machine-row.js';

const INTERPRETED = ['--no-opt', '--no-maglev', '--no-sparkplug'];
if (!process.execArgv.includes(INTERPRETED[0])) {
  const flags = INTERPRETED.filter(
    (flag) => process.allowedNodeEnvironmentFlags.has(flag) || spawnSync(process.execPath, [flag, '-e', '']).status === 0,
  );
  process.exit(spawnSync(process.execPath, [...flags, ...process.argv.slice(1)], { stdio: 'inherit' }).status);
}

const rounds = Number(process.argv[2] ?? 30);
const sampler = openSampler(openHost());
const before = await sampler.take(6);
await new Promise((done) => setTimeout(done, 1000));
const snapshot = await sampler.take(6);
sampler.close();
const rates = deriveRates(before, snapshot);
const settings = { platform: process.platform, include: [], exclude: [], labels: { host: 'box' } };
// As in the daemon, fast readings are new in each sample and slow ones are the same for some time: the two take turns.
const inputs = [before, snapshot].map((each) => ({ frame: { snapshot: each, rates, row: machineRow(each, rates) }, ...settings }));
const input = inputs[1];
let turn = 0;

/** Milliseconds of CPU of one call: the median of all. */
function cost(action) {
  const spent = [];
  for (let i = -3; i < rounds; i++) {
    const start = process.cpuUsage();
    action();
    const { user, system } = process.cpuUsage(start);
    if (i >= 0) spent.push((user + system) / 1000);
  }
  return spent.sort((a, b) => a - b)[Math.floor(rounds / 2)];
}

const line = (name, milliseconds, bytes) =>
  console.log(`${name.padEnd(26)} ${milliseconds.toFixed(2).padStart(7)} ms ${String(bytes).padStart(8)} bytes`);

console.log(
  `Node ${process.versions.node}, interpreted; one sample of ${[...familiesOf(snapshot, process.platform)].reduce((sum, { samples }) => sum + samples.length, 0)} series\n`,
);
const { processes: _, ...readings } = snapshot;
line(
  'JSON.stringify (floor)',
  cost(() => JSON.stringify(readings)),
  JSON.stringify(readings).length,
);
for (const [name, format] of Object.entries(FORMATS))
  line(
    name,
    cost(() => format.encode(inputs[turn++ % 2])),
    format.join([format.encode(input)]).length,
  );

/** A WriteRequest of protobuf, written series by series. */
function writeRequest({ label, open, close, double, varint, finish }) {
  for (const { name, samples } of familiesOf(snapshot, process.platform)) {
    for (const { labels, value } of samples) {
      const series = open(1, 2);
      label('__name__', name);
      for (const [key, text] of labels) if (text !== '') label(key, text);
      const sample = open(2, 1);
      double(value);
      varint(Math.round(snapshot.time * 1000));
      close(sample);
      close(series);
    }
  }
  return finish();
}
function ours() {
  const writer = createProtobufWriter(131_072);
  const label = (key, text) => {
    const mark = writer.open(0x0a);
    writer.text(0x0a, key);
    writer.text(0x12, text);
    writer.close(mark);
  };
  const open = (number, bytes) => writer.open((number << 3) | 2, bytes);
  return writeRequest({
    ...writer,
    label,
    open,
    double: (value) => writer.double(0x09, value),
    varint: (value) => writer.varint(0x10, value),
  });
}
function library() {
  const writer = new BinaryWriter();
  const label = (key, text) => writer.tag(1, 2).fork().tag(1, 2).string(key).tag(2, 2).string(text).join();
  return writeRequest({
    label,
    open: (number) => writer.tag(number, 2).fork(),
    close: () => writer.join(),
    double: (value) => writer.tag(1, 1).double(value),
    varint: (value) => writer.tag(2, 0).int64(value),
    finish: () => writer.finish(),
  });
}
const raw = Buffer.from(library());
if (!raw.equals(ours())) throw new Error('The two protobuf writers differ.');
console.log('\nremote-write, made anew each time (both find the families first)');
line('protobuf: ours', cost(ours), raw.length);
line('protobuf: @bufbuild', cost(library), raw.length);
line(
  'snappy: snappyjs',
  cost(() => snappy.compress(raw)),
  snappy.compress(raw).length,
);
