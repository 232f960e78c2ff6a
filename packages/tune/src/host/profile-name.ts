/** The profiles that a machine can have, from the most particular to the most general: of two that fit alike the first is taken. */
export const PROFILE_NAMES = [
  'ai',
  'latency',
  'database',
  'container-host',
  'minimal',
  'laptop',
  'gaming',
  'pro',
  'developer',
  'virtual-guest',
  'server',
] as const;

/** One of {@link PROFILE_NAMES}. */
export type ProfileName = (typeof PROFILE_NAMES)[number];
