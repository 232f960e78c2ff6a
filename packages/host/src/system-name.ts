/** What people call an operating system, by the name that Node has for it: `macOS` for `darwin`. */
const NAMES: Partial<Readonly<Record<NodeJS.Platform, string>>> = { linux: 'Linux', darwin: 'macOS' };

/** The name of an operating system for sentences; Node's own where we know no other. */
export const systemName = (platform: NodeJS.Platform): string => NAMES[platform] ?? platform;
