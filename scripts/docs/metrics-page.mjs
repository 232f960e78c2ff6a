import { CATALOGUE, collectorsOf, COLUMNS, familiesOf, jsonPathOf, machineRow, COLLECTOR_NAMES, RATE_FIELDS, SUBJECTS } from './built.mjs';
import { code, NOTICE, page, table } from './markdown.mjs';

const LANES = { fast: 'at every tick', slow: 'every 10 seconds', rare: 'every 10 minutes' };

/** How often a collector is read, in words. */
const whenOf = ({ lane, period, onRequest }) => (onRequest ? 'on request' : period ? `every ${period} seconds` : LANES[lane]);

/** `node_cpu_seconds_total{cpu, mode="user"}` of a field. */
function seriesText(group, { prometheus }) {
  if (!prometheus) return '';
  const labels = [
    ...Object.keys(group.labels),
    ...Object.keys(prometheus.properties ?? {}),
    ...Object.entries(prometheus.labels ?? {}).map(([label, value]) => `${label}="${value}"`),
  ];
  return code(`${prometheus.name}${labels.length > 0 ? `{${labels.join(', ')}}` : ''}`);
}

/** `system.cpu.time{cpu.mode="user"}` of a field. */
function otelText({ otel }) {
  if (!otel) return '';
  const attributes = Object.entries(otel.attributes ?? {}).map(([name, value]) => `${name}="${value}"`);
  return code(`${otel.name}${attributes.length > 0 ? `{${attributes.join(', ')}}` : ''}`);
}

/** What a group is read from; left out where the line above it has just said so. */
const sourceText = ({ source }, { sources }) => (sources.join(', ') === source ? '' : `Source: ${source}.`);

function groupBlocks(collector, group) {
  const path = jsonPathOf(group);
  // The collector's own heading serves the group that is the reading itself.
  const about = [group.name === collector.name ? '' : `### ${group.name}`, sourceText(group, collector)];
  if (group.open) {
    return [...about, `Prometheus: one ${group.open.kind} for each row, ${code(group.open.pattern)}. The name comes from the data.`];
  }
  if (path === null) about.push('Made for Prometheus from the reading: not in JSON under these names.');
  const rows = group.fields.map((field) => [
    code(path === null ? field.key : `${path}.${field.key}`),
    field.kind,
    field.unit === 'none' ? '' : field.unit,
    `${field.help}${field.nullWhen ? ` Null when ${field.nullWhen}.` : ''}`,
    seriesText(group, field),
    otelText(field),
  ]);
  return [...about, table(['JSON', 'kind', 'unit', 'meaning', 'Prometheus', 'OpenTelemetry'], rows)];
}

function collectorBlocks(collector) {
  const { name, lane, onRequest, sources, permission, remedy } = collector;
  const groups = collector.groups().toSorted((a, b) => Number(b.name === name) - Number(a.name === name));
  return [
    `## ${name}`,
    `${CATALOGUE[name].summary}.`,
    [
      onRequest
        ? `* Read on request only: \`hecate snapshot --only ${name}\`, \`machine.${name}()\`.`
        : `* Read ${whenOf(collector)} (lane \`${lane}\`), or now with \`machine.${name}()\`.`,
      `* Sources: ${sources.map(code).join(', ')}.`,
      `* Who may: ${permission ?? 'everyone.'}`,
      `* When it cannot: ${remedy}`,
    ].join('\n'),
    ...groups.flatMap((group) => groupBlocks(collector, group)),
  ];
}

/** Collectors by subject: the table of contents. */
const contents = (collectors) =>
  SUBJECTS.flatMap((subject) => [
    `**${subject[0].toUpperCase()}${subject.slice(1)}**`,
    table(
      ['collector', 'what', 'read'],
      collectors
        .filter(({ name }) => CATALOGUE[name].subject === subject)
        .map((collector) => [`[${collector.name}](#${collector.name})`, CATALOGUE[collector.name].summary, whenOf(collector)]),
    ),
  ]);

/** Rates in the order of the snapshot; those of a process stand in JSON in the process itself. */
function rateRows() {
  const rows = COLLECTOR_NAMES.filter((name) => name in RATE_FIELDS).flatMap((name) =>
    RATE_FIELDS[name]().map(({ path, unit, formula, nullWhen }) => [
      code(`${name === 'processes' ? '' : 'rates.'}${name}${path.startsWith('[') ? '' : '.'}${path}`),
      unit === 'none' ? '' : unit,
      formula,
      nullWhen,
    ]),
  );
  const elapsed = [
    '`rates.elapsed`',
    'seconds',
    'monotonic time of the later snapshot - that of the earlier',
    'there was no earlier snapshot',
  ];
  return [elapsed, ...rows];
}

/** How the collectors fared: families that no field declares. */
function selfRows() {
  const nothing = Object.fromEntries(COLLECTOR_NAMES.map((name) => [name, null]));
  const runs = [{ collector: 'cpu', seconds: 0, success: true, readAt: 0 }];
  const families = [...familiesOf({ ...nothing, time: 0, monotonic: 0, gaps: [], runs }, 'linux')];
  return families.map(({ name, help, type, samples }) => {
    const labels = samples[0].labels.map(([label]) => label).join(', ');
    return [code(labels === '' ? name : `${name}{${labels}}`), type, help];
  });
}

const UNITS = `JSON rows also carry what names them (\`device\`, \`mountpoint\`, \`cpu\`) and some flags; the interfaces in that folder document every property.

Units are base units: bytes, seconds, ratios from 0 to 1. Only the columns of day files whose name says \`percent\` go from 0 to 100.

A value that could not be read is \`null\` in JSON, an empty cell in CSV, and no sample in Prometheus. The list \`gaps\` of a snapshot says why.`;

const REASONS = table(
  ['reason', 'meaning'],
  [
    ['unsupported', 'This kernel or hardware does not offer it.'],
    ['permission', 'This user may not read it.'],
    ['absent', 'There is no such thing here: no file, no device.'],
    ['timeout', 'The source did not answer in time.'],
    ['suspended', 'Reading would wake a sleeping device, or the machine slept between two readings.'],
    ['no-baseline', 'A rate needs an earlier reading, and there is none.'],
    ['error', 'The source answered nonsense; `detail` says what.'],
  ].map(([reason, meaning]) => [code(reason), meaning]),
);

/** docs/metrics.md */
export function metricsPage() {
  const collectors = collectorsOf('linux');
  const filled = selfColumns();
  return page(
    NOTICE,
    '# Metrics',
    `What hecate reads on Linux, with ${collectors.length} collectors. Each field is declared once, in \`packages/metrics/src/domain/\`; all formats come from that declaration.`,
    `* **JSON** is the path in \`hecate snapshot --format json\` and in \`/api/v1/snapshot\`. \`[]\` stands for each row of a list.
* **Prometheus** is the name on \`/metrics\`, with its labels. Names are those of node_exporter where it has one; ours begin with \`hecate_\`.
* **OpenTelemetry** is the name in the semantic conventions. It is declared for later exporters; nothing sends it yet.
* **kind**: a \`counter\` only grows, a \`gauge\` goes both ways, an \`info\` is a text whose sample is 1.`,
    UNITS,
    '## Collectors',
    ...contents(collectors),
    '## Why a value is null',
    REASONS,
    ...collectors.flatMap(collectorBlocks),
    '## The collectors themselves',
    'In JSON they are the list `runs`: `collector`, `seconds`, `success`.',
    table(['Prometheus', 'kind', 'meaning'], selfRows()),
    '## Rates',
    `Rates are derived from two readings of a collector, under \`rates\` in JSON. Δ is the later value less the earlier one. Elapsed time comes from a clock that never steps.

In \`hecate serve\` and \`hecate record\`, when more than three intervals lie between two snapshots, all rates are null: the machine slept.`,
    table(['JSON', 'unit', 'formula', 'null when'], rateRows()),
    'The rates of a collector are null as a whole where it was not read twice, or counts nothing here (no ZFS, no NFS, no RAPL). A gap `rates.<collector>` says so.',
    'CPU rates are null as a whole when no CPU time passed, or when a mode grew by more time than there was (some hypervisors let steal jump).',
    '## Columns of a day file',
    `The first column is \`timestamp\`. [recording.md](recording.md) describes the files. "self" marks what hecate fills on Linux; the other columns are for mactop and macmon.`,
    table(
      ['column', 'unit', 'decimals', 'self', 'meaning'],
      COLUMNS.map(({ name, unit, decimals, help }) => [code(name), unit, decimals, filled.has(name) ? 'yes' : '', help]),
    ),
  );
}

/** Names of the columns that the row of a Linux machine can fill. */
function selfColumns() {
  const filesystem = [{ mountpoint: '/', size: 4, free: 2, available: 1 }];
  const processes = { length: 1, state: [83], threads: [1] };
  const row = machineRow(
    { memory: numbers(), load: numbers(), cpu: numbers(), filesystem, processes },
    {
      cpu: numbers(),
      pressure: { cpu: numbers(), memory: numbers(), io: numbers(), irq: numbers() },
      disk: { total: numbers() },
      network: { total: numbers() },
    },
  );
  return new Set(COLUMNS.filter((_, index) => row[index] !== null).map(({ name }) => name));
}

/** An object each of whose properties is 1. */
const numbers = () => new Proxy({}, { get: () => 1 });
