import type { PushFormat } from '../format.ts';
import { pathValues } from '../metric-path.ts';
import { TEXT_LINES } from '../text-lines.ts';

/** Graphite's plaintext protocol: `path value seconds`, a line a value. Readings as they are; of rates the columns of a day file. */
export const graphite: PushFormat = {
  ...TEXT_LINES,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  encode(input) {
    const end = ` ${Math.round(input.frame.snapshot.time)}\n`;
    let text = '';
    for (const { path, value } of pathValues(input, { sends: () => true, rates: false })) text += `${path} ${value}${end}`;
    return Buffer.from(text);
  },
};
