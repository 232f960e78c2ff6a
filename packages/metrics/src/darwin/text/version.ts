import type { Host } from '@hecate/host';
import { isRefusal } from '../../model/gap.ts';
import { requireKnownRelease } from '../version.ts';
import { readSysctl, textOf } from './sysctl.ts';

/** Seconds after which a sysctl that did not tell is asked again. */
const AGAIN = 600;

interface Release {
  readonly told: Promise<string | null>;
  until: number;
}

const releases = new WeakMap<Host, Release>();

function askRelease(asked: Host, host: Host): Release {
  const tell = async (): Promise<string | null> => {
    try {
      return textOf(await readSysctl(asked, ['kern.osrelease']), 'kern.osrelease');
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return null;
    }
  };
  const release: Release = {
    until: Infinity,
    told: tell().then((text) => {
      if (text === null) release.until = host.clock.monotonic() + AGAIN;
      return text;
    }),
  };
  releases.set(host, release);
  return release;
}

/**
 * Throws UNSUPPORTED on a macOS older than 12, as sysctl(8) tells it: once a machine, for all that ask at the same time. Where it does not
 * tell, nothing is known against this macOS. `asked` is what runs the program for `host`.
 */
export async function requireKnownVersionByText(asked: Host, host: Host): Promise<void> {
  const known = releases.get(host);
  const release = await (known && host.clock.monotonic() < known.until ? known : askRelease(asked, host)).told;
  if (release !== null) requireKnownRelease(release);
}
