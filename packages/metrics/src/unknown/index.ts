import type { AnyCollector } from '../model/snapshot.ts';

/** A platform that nobody taught us to read: everything is a gap, and nothing breaks. */
export const unknownCollectors: readonly AnyCollector[] = [];
