export { standingClock, systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { errnoOf, ERROR_CODES, HecateError, messageOf } from './error.ts';
export type { ErrorCode, ErrorDetails } from './error.ts';
export type { Bytes, KeptFile } from './file.ts';
export { openHost, openRootedHost } from './host.ts';
export type { Host } from './host.ts';
export { spawnError } from './run.ts';
export type { Finished, RunOptions } from './run.ts';
