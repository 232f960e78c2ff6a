import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of buffers that something still holds: what nobody holds is collected first, whenever that would have been. */
export function heldByBuffers(): number {
  collect();
  return process.memoryUsage().external;
}
