// What the compiled packages declare. Loaded by path: the docs describe what was built here, and scripts are no package of their own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../setup/root.mjs';

/** A module of a package's dist. Throws one sentence when it is not built. */
const load = async (...path) => {
  const file = join(root, 'packages', ...path);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`${path.join('/')} is not built: run "npm run setup".`, { cause: error });
  }
};

export const { CATALOGUE, collectorsOf, COLLECTOR_NAMES, EVENT_KIND_NAMES, jsonPathOf, RATE_FIELDS, SUBJECTS } = await load(
  'metrics',
  'dist',
  'index.js',
);
export const { COLUMNS, familiesOf, machineRow } = await load('observe', 'dist', 'index.js');
export const { ERROR_CODES } = await load('host', 'dist', 'index.js');
export const { COMMANDS } = await load('cli', 'dist', 'command-table.js');
