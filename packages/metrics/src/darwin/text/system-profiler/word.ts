import type { Answer } from '../../../linux/storage/json.ts';
import { decimalOf } from '../decimal.ts';

/** A number that is one in some versions of macOS and a text in others: `864`, `"864"`, `"96%"`. Null for anything else. */
export function numberOf(row: Answer, path: string): number | null {
  return row.number(path) ?? decimalOf(row.text(path)?.replace(/\s*%$/, ''));
}

/** A yes or no in all of its spellings: `Yes`, `TRUE`, `spnvme_yes`, `attrib_no`. Null for anything else. */
export function flagOf(row: Answer, path: string): boolean | null {
  const said = row.flag(path) ?? row.text(path)?.toLowerCase().replace(/^.*_/, '');
  if (said === true || said === 'yes' || said === 'true') return true;
  return said === false || said === 'no' || said === 'false' ? false : null;
}

/** A text without the name of its kind before it: `metal3` of `spdisplays_metal3`. Null where it is missing, or hidden from this user. */
export function wordOf(row: Answer, path: string, prefix = ''): string | null {
  const said = row.text(path);
  if (said === null || said === '<redacted>') return null;
  return said.startsWith(prefix) ? said.slice(prefix.length) : said;
}
