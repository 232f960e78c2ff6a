/** A name without what a worker of the kernel works on: that is the end of its name in /proc, and another at each look. */
export function settledName(name: string | undefined): string {
  return (/^kworker\/[^-+]*/.exec(name ?? '')?.[0] ?? name) || '';
}
