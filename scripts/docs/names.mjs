// Names of the API that the pages use: what is renamed in the code must not live on in a page.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../setup/root.mjs';
import { COLLECTOR_NAMES, RATE_FIELDS } from './built.mjs';
import { pages } from './links.mjs';

const MEMBERS = {
  machine: new Set([...COLLECTOR_NAMES, 'snapshot', 'sample', 'events', 'close']),
  rates: new Set([...Object.keys(RATE_FIELDS), 'elapsed', 'gaps']),
};

/** Sentences about members of `machine` and `rates` that are not there. */
export function unknownNames() {
  const unknown = [];
  for (const page of pages()) {
    for (const [text, object, member] of readFileSync(page, 'utf8').matchAll(/`(?:[^`\n]*?[^`\n\w/-])?(machine|rates)\.([a-zA-Z]\w*)/g)) {
      if (!MEMBERS[object].has(member)) unknown.push(`${relative(root, page)} says ${text.slice(1)}, and ${object} has no ${member}.`);
    }
  }
  return unknown;
}
