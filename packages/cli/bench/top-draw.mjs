// How long `hecate top` takes from a picture to the bytes that the terminal is sent: drawing all boxes, and painting what changed.
// `node packages/cli/bench/top-draw.mjs [frames]`. A made-up machine with 1,000 processes; each frame is another moment of it.
import { mkdtempSync, readdirSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const packages = fileURLToPath(new URL('../../', import.meta.url));
const frames = Number(process.argv[2] ?? 400);
/** Frames that nobody measures: the compiler of the engine is at work then. */
const WARM = 150;
const GOAL = 2;
const SIZES = [
  [80, 24, 8],
  [200, 50, 8],
  [200, 50, 64],
  [300, 80, 64],
];

/** What is measured, as one module of the sources. */
async function load(folder) {
  const outfile = join(folder, 'top-draw.cjs');
  const source = join(packages, 'cli/src');
  await build({
    stdin: {
      resolveDir: source,
      loader: 'ts',
      contents: `
        export { createPainter } from './screen/painter.ts';
        export { createTrail } from './top/source/trail.ts';
        export { makeProcessRows } from './top/process/process-rows.ts';
        export { drawTop } from './top/view/draw-top.ts';
        export { paperOf, pictureOf, NOON } from './top/view/picture.testing.ts';`,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    external: ['koffi'],
    logLevel: 'error',
    alias: Object.fromEntries(
      readdirSync(packages)
        .filter((name) => existsSync(join(packages, name, 'src', 'index.ts')))
        .map((name) => [`@hecate/${name}`, join(packages, name, 'src', 'index.ts')]),
    ),
  });
  return createRequire(pathToFileURL(outfile))(outfile);
}

const middle = (values, share = 0.5) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)];

function measure({ createPainter, createTrail, makeProcessRows, drawTop, paperOf, pictureOf, NOON }, width, height, cores) {
  const { paper, grid } = paperOf(width, height);
  const painter = createPainter({ table: grid.table, depth: 'true', unicode: true });
  const trail = createTrail({ source: { interval: 0.5, stretch: async () => null }, changed: () => undefined });
  const machine = { cores, disks: 2, networks: 3, mounts: 4, sensors: 6, gpus: 1, processes: 1000 };
  const times = { rows: [], draw: [], paint: [], all: [] };
  let bytes = 0;
  for (let frame = 0; frame < WARM + frames; frame++) {
    const made = pictureOf(machine, NOON + frame / 2);
    // Another table at each moment, as it comes from a source: it is filtered and sorted anew.
    const { processes } = made.scene;
    const cpu = Float64Array.from({ length: processes.length }, (_, row) => ((row * 7919 + frame * 104_729) % 1009) / 500);
    const scene = { ...made.scene, processes: { ...processes, figures: { ...processes.figures, cpu } } };
    const picture = { ...made, scene, trail };
    trail.add(picture.scene);
    const begin = performance.now();
    const rows = makeProcessRows(picture.scene.processes, picture.state, true);
    const sorted = performance.now();
    grid.clear();
    drawTop(paper, { ...picture, rows });
    const drawn = performance.now();
    const { length } = painter.paint(grid.cells());
    const end = performance.now();
    if (frame < WARM) continue;
    bytes += length;
    times.rows.push(sorted - begin);
    times.draw.push(drawn - sorted);
    times.paint.push(end - drawn);
    times.all.push(end - begin);
  }
  const ms = (values, share) => middle(values, share).toFixed(2).padStart(6);
  const all = middle(times.all);
  console.log(
    `${`${width}x${height}`.padEnd(8)} ${String(cores).padStart(3)} cores  rows ${ms(times.rows)}  draw ${ms(times.draw)}  paint ${ms(times.paint)}  ` +
      `all ${ms(times.all)} ms (p95 ${ms(times.all, 0.95)})  ${(bytes / frames / 1000).toFixed(1)} kB a frame`,
  );
  return all;
}

const folder = mkdtempSync(join(tmpdir(), 'hecate-top-draw-'));
try {
  const parts = await load(folder);
  console.log(`Node ${process.version}, 1,000 processes, ${frames} frames, medians:`);
  let goal = Number.NaN;
  for (const [width, height, cores] of SIZES) {
    const all = measure(parts, width, height, cores);
    if (width === 200 && cores === 8) goal = all;
  }
  console.log(`200x50: ${goal.toFixed(2)} ms; the goal is under ${GOAL} ms: ${goal < GOAL ? 'met' : 'MISSED'}`);
} finally {
  rmSync(folder, { recursive: true });
}
