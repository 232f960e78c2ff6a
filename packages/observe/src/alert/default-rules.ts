import type { DefaultRule } from './default/default-rule.ts';
import { MEMORY_RULES } from './default/memory.ts';
import { NETWORK_RULES } from './default/network.ts';
import { PROCESSOR_RULES } from './default/processor.ts';
import { STORAGE_RULES } from './default/storage.ts';
import { SYSTEM_RULES } from './default/system.ts';

/** One rule a line of the table in docs/alerts.md. Each can be changed key by key, or disabled, by its name. */
export const DEFAULT_RULES: readonly DefaultRule[] = [
  ...PROCESSOR_RULES,
  ...MEMORY_RULES,
  ...STORAGE_RULES,
  ...NETWORK_RULES,
  ...SYSTEM_RULES,
];
