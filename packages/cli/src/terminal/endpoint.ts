/** One end of a connection: `192.0.2.1:443`, `[2001:db8::1]:443`, `*:443` for every address; `none` where there is no such end. */
export function endpoint(address: string | null, port: number | null, none: string): string {
  if (address === null || port === null) return none;
  if (address === '0.0.0.0' || address === '::') return `*:${port}`;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
