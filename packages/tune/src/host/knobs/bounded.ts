import type { Look } from '../detect/look.ts';
import type { Bound } from '../value.ts';
import { boundText } from '../value.ts';

/** A value that may be written, or a sentence that says why none may. */
export type Bounded = { readonly value: string } | { readonly skipped: string };

/**
 * The value to write to a file so that it only moves the way it may. What is there already on the right side is written again as it
 * is, so that it is held: whatever replaces this plan knows of it.
 */
export function boundedValue(wanted: string, bound: Bound | null, path: string, look: Look | null): Bounded {
  if (bound === null) return { value: wanted };
  const verb = bound === 'raise' ? 'raised' : 'lowered';
  if (look === null) return { skipped: `It may only be ${verb}, and what it is now is not known.` };
  const now = look.text(path);
  // It is not there, or may not be read: the preview of the engine says which, and nothing is written.
  if (now === null) return { value: wanted };
  const value = boundText(wanted, now, bound);
  return value === null ? { skipped: `It may only be ${verb}, and ${JSON.stringify(now)} cannot be compared with ${wanted}.` } : { value };
}
