import { HecateError } from '@hecate/host';
import { detect, encodeProfile, importTuned } from '@hecate/tune';
import { refuseSurplus } from '../changes/transaction-id.ts';
import { openTarget } from '../target.ts';
import { say } from '../terminal/note.ts';
import { print } from '../terminal/print.ts';
import type { TuneRequest } from './request.ts';

/** `hecate tune import tuned:NAME`: a profile of tuned as one of ours, on standard output. What is left out stands above it, with the reasons. */
export async function importProfile(request: TuneRequest): Promise<void> {
  const [source, ...surplus] = request.words;
  refuseSurplus(surplus);
  const name = /^tuned:(.+)$/s.exec(source ?? '')?.[1];
  if (name === undefined) {
    throw new HecateError(
      'INVALID',
      source === undefined ? 'There is nothing to import.' : `${JSON.stringify(source)} cannot be imported.`,
      {
        hint: 'Write tuned:NAME, as in hecate tune import tuned:throughput-performance',
      },
    );
  }
  const host = openTarget(request.root);
  const { profile, ignored } = importTuned(name, { host, facts: await detect(host) });
  const leftOut = ignored.map(({ place, setting, why }) => `Left out: ${setting} (${place}): ${why}`);
  print(request, { profile, ignored }, () => encodeProfile(profile, { head: leftOut }));
  if (request.format === 'text' && ignored.length > 0) {
    say(`${ignored.length} ${ignored.length === 1 ? 'setting was' : 'settings were'} left out; the reasons stand above the profile.`);
  }
}
