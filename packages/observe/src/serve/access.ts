import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Scope } from './route.ts';
import type { Token } from './token.ts';

/** Who may ask. */
export interface AccessOptions {
  /** The address that the server is bound to. */
  readonly host: string;
  /** Names under which it may be asked, beside its addresses. */
  readonly names?: readonly string[];
  /** Whether a token is asked for even to look. */
  readonly tokenToRead: boolean;
  /** The tokens, opened when a request brings one; null: there is none for that scope. Who may act may look too. */
  readonly tokens: (scope: Scope) => Promise<Token | null>;
}

/** What the checks look at, of a request of whatever protocol. Of HTTP/2 `host` is what `:authority` says. */
export interface AskedHead extends Pick<IncomingMessage, 'headers' | 'rawHeaders'> {
  readonly socket: { readonly localPort?: number | undefined };
}

/** Why a request is refused, with the status to answer. */
export interface Refusal {
  readonly status: 400 | 401 | 403;
  readonly message: string;
}

/** What a request may do, by what it brought. */
export interface Admission {
  readonly scopes: readonly Scope[];
  /** Whether it brought a token that is none of ours. */
  readonly wrong: boolean;
}

/** The checks that each request passes, those for an upgrade too. */
export interface Access {
  /** Whether the request is meant for us and comes from our own page or from no page; undefined when it is. */
  checkOrigin(request: AskedHead): Refusal | undefined;
  /** What the request may do. `query` is what stands behind the `?` of its address. */
  admit(request: AskedHead, query: string): Promise<Admission>;
  /** The `Set-Cookie` that lets a browser go on with the token in its address; undefined when that carries no token of ours. */
  cookie(request: AskedHead, query: string, secure: boolean): Promise<string | undefined>;
}

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Seconds for which a browser need not show the token again. */
const SESSION: Readonly<Record<Scope, number>> = { read: 90 * 86_400, act: 12 * 3600 };
const AUTHORITY = /^(?:[\w.-]+|\[[\d:a-f.]+\])(?::\d{1,5})?$/i;

const NOBODY: readonly Scope[] = [];
const READER: readonly Scope[] = ['read'];
const ACTOR: readonly Scope[] = ['read', 'act'];

/** The host of a `Host` header, without port and brackets; null when it is no authority. */
function hostName(authority: string): string | null {
  if (!AUTHORITY.test(authority)) return null;
  return authority
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}

/** Cookies are shared by all ports of a host: each of our daemons has its own. */
const cookieName = (request: AskedHead): string => `hecate_${request.socket.localPort}`;

function cookieOf(request: AskedHead): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined) return undefined;
  const start = `${cookieName(request)}=`;
  return cookie
    .split(/;\s*/)
    .find((part) => part.startsWith(start))
    ?.slice(start.length);
}

const tokenIn = (query: string): string | null => (query.includes('token=') ? new URLSearchParams(query).get('token') : null);

/** A header that must come once: node:http keeps the first of several, and somebody in front of us may go by the last. */
function comesTwice(request: AskedHead, name: string): boolean {
  let count = 0;
  for (let at = 0; at < request.rawHeaders.length; at += 2) if (request.rawHeaders[at]!.toLowerCase() === name) count++;
  return count > 1;
}

/**
 * Checks requests. The Host header must be an address or a name of this machine, which stops DNS rebinding;
 * an Origin must be our own page, which stops other pages' scripts; what a browser fetches for a page of another site is refused too.
 */
export function createAccess({ host, names = [], tokenToRead, tokens }: AccessOptions): Access {
  const open = !isLoopback(host);
  const ours = new Set([host, ...names, ...(open ? [hostname()] : [])].map((name) => name.toLowerCase()));
  const known = (name: string): boolean => isLoopback(name) || ours.has(name) || (open && isIP(name) !== 0);
  const byDefault = tokenToRead ? NOBODY : READER;

  const scopeOf = async (matches: (token: Token) => boolean): Promise<Scope | undefined> => {
    for (const scope of ['act', 'read'] as const) {
      const token = await tokens(scope);
      if (token && matches(token)) return scope;
    }
    return undefined;
  };

  return {
    checkOrigin(request) {
      const asked = comesTwice(request, 'host') ? null : hostName(request.headers.host ?? '');
      if (asked === null || !known(asked)) return { status: 403, message: 'This Host header names no address of this server.' };
      const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
      if (origin !== undefined && origin !== `http://${request.headers.host}` && origin !== `https://${request.headers.host}`) {
        return { status: 403, message: 'Pages of other origins may not ask.' };
      }
      // Browsers say so even where they send no Origin: images, scripts, forms. To follow a link to us is fine.
      if ((site === 'cross-site' || site === 'same-site') && mode !== 'navigate') {
        return { status: 403, message: 'Pages of other origins may not ask.' };
      }
      return undefined;
    },
    async admit(request, query) {
      const bearer = request.headers.authorization;
      const given = bearer === undefined ? tokenIn(query) : (/^Bearer +(\S+) *$/i.exec(bearer)?.[1] ?? '');
      const session = given === null ? cookieOf(request) : undefined;
      if (given === null && session === undefined) return { scopes: byDefault, wrong: false };
      const scope = await scopeOf((token) => (given === null ? token.isSession(session!) : token.matches(given)));
      // An old cookie is no attempt to get in.
      if (scope === undefined) return { scopes: byDefault, wrong: given !== null };
      // A token in an address may be in a log, in a history, or in a link that somebody was sent: it lets nobody act.
      return { scopes: scope === 'act' && (bearer !== undefined || session !== undefined) ? ACTOR : READER, wrong: false };
    },
    async cookie(request, query, secure) {
      const given = tokenIn(query);
      const scope = given === null ? undefined : await scopeOf((token) => token.matches(given));
      if (scope === undefined) return undefined;
      const session = (await tokens(scope))!.session(Date.now() / 1000 + SESSION[scope]);
      const flags = `Path=/; Max-Age=${SESSION[scope]}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
      return `${cookieName(request)}=${session}; ${flags}`;
    },
  };
}
