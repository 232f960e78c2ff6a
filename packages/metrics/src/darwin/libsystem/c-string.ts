import type { NativeLibraries } from '@hecate/host';

/** The smallest page of any Mac: what begins in one is mapped to its end. */
const PAGE = 4096n;
/** No text that a system gives is longer. */
const MOST_PAGES = 16;

/** The text at an address, up to its NUL; what is longer than 64 KiB is cut. Page by page: what lies behind the text may not be there. */
export function readCString(libraries: NativeLibraries, address: bigint): string {
  const parts: Buffer[] = [];
  let at = address;
  for (let page = 0; page < MOST_PAGES; page++) {
    const bytes = libraries.copy(at, Number(PAGE - (at % PAGE)));
    const end = bytes.indexOf(0);
    if (end >= 0) return Buffer.concat([...parts, bytes.subarray(0, end)]).toString('utf8');
    parts.push(bytes);
    at += BigInt(bytes.length);
  }
  return Buffer.concat(parts).toString('utf8');
}
