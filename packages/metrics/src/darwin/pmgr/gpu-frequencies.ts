import { HecateError } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { readPmgr } from './pmgr.ts';

/** The table of the GPU, on every chip from M1 to M5. */
const GPU_TABLE = 9;

/**
 * Hertz of each step of the GPU, the slowest first, without steps that are off. Throws UNSUPPORTED where the Mac shows no such table,
 * FAILED where its units cannot be told.
 */
export function readGpuFrequencies(darwin: Darwin): readonly number[] {
  const { tables, damaged } = readPmgr(darwin);
  const wrong = damaged.get(GPU_TABLE);
  if (wrong !== undefined) throw new HecateError('FAILED', `The table of frequencies voltage-states${GPU_TABLE} ${wrong}.`);
  const table = tables.get(GPU_TABLE);
  if (!table) throw new HecateError('UNSUPPORTED', `This Mac shows no table of the frequencies of its GPU (voltage-states${GPU_TABLE}).`);
  return table;
}
