/** Every name that a snapshot has, in its order. Kept apart from the collectors, so that naming them loads none. */
export const COLLECTOR_NAMES = [
  'host',
  'cpu',
  'load',
  'pressure',
  'memory',
  'disk',
  'block',
  'filesystem',
  'network',
  'interface',
  'processes',
] as const;
