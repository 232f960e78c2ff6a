import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import { isLoopback, readToken } from '@hecate/observe';
import type { ServeSettings } from '@hecate/observe';
import { stateDirectory } from '../directories.ts';
import { askDaemon, parseDaemonUrl } from './daemon-request.ts';
import type { DaemonPlace } from './daemon-request.ts';

/** The API of a daemon that runs. */
export interface DaemonApi {
  /** The JSON of a path. Rejects with UNAVAILABLE where no daemon answers, otherwise with what the daemon says. */
  get(path: string): Promise<unknown>;
  /** The same, as the owner of the daemon where it knows the token for acting: there is more that it tells only then. */
  getAsOwner(path: string): Promise<unknown>;
  /** Sends JSON to a path that changes something. */
  post(path: string, body: object): Promise<unknown>;
  readonly place: DaemonPlace;
  /** The token that a request which looks brings, as far as the daemon has asked for one; undefined where there is none. */
  readToken(): string | undefined;
}

/** File with the token for acting. */
const ACT_TOKEN = 'act-token';

/** Where the daemon of the configuration listens, as somebody on this machine asks it. */
function ownAddress({ address, port, tls }: ServeSettings): string {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '[::1]' : address.includes(':') ? `[${address}]` : address;
  return `${tls ? 'https' : 'http'}://${host}:${port}`;
}

/** The token of this user in a file of the daemon; undefined where there is none. */
function ownToken(name: string): string | undefined {
  try {
    return readFileSync(join(stateDirectory(), name), 'utf8').trim();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** What somebody says about a daemon beside its address. */
export interface DaemonApiOptions {
  /** Comes before HECATE_TOKEN and the tokens of this user's own daemon. */
  readonly token?: string | undefined;
  /** Certificates (PEM) that are trusted in place of those of the system. */
  readonly ca?: string | undefined;
  /** How its address is named on the command line. Default `--url`. */
  readonly flag?: string;
}

/** The API at an address; without one, that of the configuration. Throws INVALID for what is no address. */
export function openDaemonApi(url: string | undefined, settings: ServeSettings | null, options: DaemonApiOptions = {}): DaemonApi {
  const base = parseDaemonUrl(url ?? (settings ? ownAddress(settings) : ''));
  const place = {
    base,
    hint: `Start it with hecate serve, or name its address with ${options.flag ?? '--url'}.`,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  // Our tokens are for the daemon of this machine, not for whoever listens at an address that was typed.
  const isOurs = url === undefined || isLoopback(base.hostname.replace(/^\[|\]$/g, ''));
  const tokenOf = (file: string): string | undefined => {
    const given = options.token || process.env['HECATE_TOKEN'];
    if (given) return given;
    if (!isOurs) return undefined;
    // The daemon of this user makes the token for acting with the first request that brings one: it will find this.
    return file === ACT_TOKEN ? readToken(join(stateDirectory(), file)) : ownToken(file);
  };
  const ask = (path: string, token: string | undefined): Promise<unknown> => askDaemon(place, { method: 'GET', path, token });
  let asksToken = !isOurs;
  const readTokenOf = (): string | undefined => (asksToken ? tokenOf('token') : undefined);
  const get = async (path: string): Promise<unknown> => {
    const brought = asksToken;
    try {
      return await ask(path, readTokenOf());
    } catch (error) {
      // Here most daemons ask for none, and one that gets a token of another daemon counts an attempt to get in.
      if (brought || !(error instanceof HecateError) || error.code !== 'DENIED') throw error;
      asksToken = true;
      return ask(path, readTokenOf());
    }
  };

  let owner: Promise<boolean> | undefined;
  const isOwner = async (): Promise<boolean> => {
    const { scopes } = (await ask('/api/v1/access', tokenOf(ACT_TOKEN))) as { readonly scopes?: unknown };
    return Array.isArray(scopes) && scopes.includes('act');
  };

  return {
    place,
    readToken: readTokenOf,
    get,
    async getAsOwner(path) {
      // A token that the daemon does not know is shown to it once only.
      owner ??= isOwner().catch((error: unknown) => {
        if (!(error instanceof HecateError) || error.code !== 'DENIED') owner = undefined;
        return false;
      });
      return (await owner) ? ask(path, tokenOf(ACT_TOKEN)) : get(path);
    },
    post: (path, body) => askDaemon(place, { method: 'POST', path, token: tokenOf(ACT_TOKEN), body: JSON.stringify(body) }),
  };
}
