import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Who may ask. */
export interface AccessOptions {
  /** The address that the server is bound to. */
  readonly host: string;
  /** Whether a token is the right one; undefined on a loopback bind, where none is asked for. */
  readonly matches: ((token: string) => boolean) | undefined;
}

/** Why a request is refused, with the status to answer; undefined when it may pass. */
export type Refusal = { readonly status: 401 | 403; readonly message: string } | undefined;

/** Whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

const COOKIE = 'hecate_token';

/** The host of a `Host` header or of an origin, without port and brackets; null when malformed. */
function hostName(authority: string): string | null {
  try {
    return new URL(`http://${authority}`).hostname.replace(/^\[(.*)\]$/, '$1');
  } catch {
    // Not an authority at all: the caller refuses it.
    return null;
  }
}

function tokenOf(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const cookie = request.headers.cookie?.split(/;\s*/).find((part) => part.startsWith(`${COOKIE}=`));
  if (cookie !== undefined) return cookie.slice(COOKIE.length + 1);
  return new URL(request.url ?? '/', 'http://localhost').searchParams.get('token') ?? undefined;
}

/** The `Set-Cookie` that lets a browser keep the token it was called with; undefined when the address carries none. */
export function tokenCookie(request: IncomingMessage): string | undefined {
  const token = new URL(request.url ?? '/', 'http://localhost').searchParams.get('token');
  return token !== null && /^[\w-]+$/.test(token) ? `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/` : undefined;
}

/**
 * Checks requests. The Host header must be an address or a name of this machine, which stops DNS rebinding;
 * an Origin must be our own page, which stops other pages' scripts; the token must match where one is set.
 */
export function createAccess({ host, matches }: AccessOptions): (request: IncomingMessage) => Refusal {
  const known = (name: string): boolean => isLoopback(name) || name === host || (!isLoopback(host) && isIP(name) !== 0);
  return (request) => {
    const asked = hostName(request.headers.host ?? '');
    if (asked === null || !known(asked)) return { status: 403, message: 'This Host header names no address of this server.' };
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${request.headers.host}` && origin !== `https://${request.headers.host}`) {
      return { status: 403, message: 'Pages of other origins may not ask.' };
    }
    if (matches && !matches(tokenOf(request) ?? '')) {
      return { status: 401, message: 'A token is needed: Authorization: Bearer TOKEN, or ?token=TOKEN once in a browser.' };
    }
    return undefined;
  };
}
