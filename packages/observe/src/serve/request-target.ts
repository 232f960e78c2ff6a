/** What a request line asks for. */
export interface RequestTarget {
  readonly path: string;
  /** What stands behind the `?`; empty without one. */
  readonly query: string;
}

/**
 * Splits the target of a request at its `?`. Paths are compared as they are: nothing is decoded, so nothing can be hidden by encoding.
 * Null for whatever does not begin with one slash: the forms for proxies (`http://host/`), `*`, and `//host`, which readers differ on.
 */
export function parseTarget(target: string): RequestTarget | null {
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(target)) return null;
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}
