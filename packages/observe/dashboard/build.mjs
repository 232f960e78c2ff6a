// Builds the dashboard: one html file that holds its script and its styles, and asks nobody for anything else.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
// Tests build a copy of their own.
const target = process.argv[2] ?? join(here, '../dist/dashboard.html');
const TARGETS = ['chrome109', 'firefox115', 'safari16.4'];

const bundled = await build({
  entryPoints: [join(here, 'src/main.tsx')],
  bundle: true,
  minify: true,
  format: 'iife',
  target: TARGETS,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  write: false,
  logLevel: 'warning',
});
// In this order: what comes later may change what comes before.
const parts = ['colors', 'base', 'head', 'tiles', 'charts', 'tooltip', 'processes', 'tables', 'week', 'help', 'screens'];
const sheets = await Promise.all(
  [fileURLToPath(import.meta.resolve('uplot/dist/uPlot.min.css')), ...parts.map((name) => join(here, `src/style/${name}.css`))].map(
    (path) => readFile(path, 'utf8'),
  ),
);
const style = await transform(sheets.join('\n'), { loader: 'css', minify: true, target: TARGETS, charset: 'utf8' });
const icon = Buffer.from(await readFile(join(here, 'src/icon.svg'), 'utf8')).toString('base64');

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>hecate</title>
<link rel="icon" href="data:image/svg+xml;base64,${icon}">
<style>${style.code.trim().replaceAll('</', '<\\/')}</style>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript. The same numbers are at api/v1/snapshot and metrics.</noscript>
<script>${bundled.outputFiles[0].text.trim().replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
await mkdir(dirname(target), { recursive: true });
await writeFile(target, page);
