import type { Gap } from '@hecate/metrics';
import { clean, groupGaps } from '@hecate/observe';

/** What could not be read, a sentence for each reason: `memory.buffers, shared: unsupported. macOS does not count memory this way.` */
export const gapSentences = (gaps: readonly Gap[]): string[] =>
  groupGaps(gaps).map(({ fields, reason, detail }) => clean(`${fields.join(', ')}: ${reason}. ${detail}`));
