import type { Http2ServerRequest } from 'node:http2';
import { Code } from '@connectrpc/connect';
import { createAccess, isLoopback } from '../serve/access.ts';
import { createRateLimit, isLocal } from '../serve/limits.ts';
import type { Scope } from '../serve/route.ts';
import { openToken } from '../serve/token.ts';
import type { Token } from '../serve/token.ts';
import type { GrpcOptions } from './grpc-options.ts';
import type { Refusal } from './status.ts';

/** Calls that an address of another machine may make, and one of this machine. */
const FAR = { perSecond: 50, atOnce: 300 };
const NEAR = { perSecond: 5000, atOnce: 20_000 };
/** Wrong tokens of an address that are answered with what is wrong. */
const WRONG = { perSecond: 0.2, atOnce: 10 };

const TOO_MANY: Refusal = { code: Code.ResourceExhausted, message: 'Too many calls come from this address.' };

/**
 * Whether a call may be answered: undefined, or why not. The same checks as those of the HTTP server: the pace of the address, the host
 * that is asked for, pages of other origins, the token. Throws FAILED or INVALID when a token is asked for and its file is of no use.
 */
export function createAdmission({
  address,
  names,
  tokenToRead,
  tokenFile,
  actTokenFile,
  onError,
}: Pick<GrpcOptions, 'address' | 'names' | 'tokenToRead' | 'tokenFile' | 'actTokenFile' | 'onError'>): (
  request: Http2ServerRequest,
) => Promise<Refusal | undefined> {
  const asksToken = tokenToRead || !isLoopback(address);
  const opened = new Map<Scope, Token>();
  const open = (scope: Scope): Token | null => {
    if (!asksToken) return null;
    const token = opened.get(scope) ?? openToken(scope === 'read' ? tokenFile : actTokenFile, onError);
    opened.set(scope, token);
    return token;
  };
  open('read');
  const access = createAccess({ host: address, names, tokenToRead: asksToken, tokens: (scope) => Promise.resolve(open(scope)) });
  const [far, near, wrong] = [createRateLimit(FAR), createRateLimit(NEAR), createRateLimit(WRONG)];

  return async (request) => {
    const from = request.socket.remoteAddress ?? '';
    if (!(isLocal(from) ? near : far).take(from)) return TOO_MANY;
    const { host, origin, authorization, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
    const authority = request.authority;
    const asked = {
      headers: {
        host: authority,
        ...(origin === undefined ? {} : { origin }),
        ...(authorization === undefined ? {} : { authorization }),
        ...(site === undefined ? {} : { 'sec-fetch-site': site }),
        ...(mode === undefined ? {} : { 'sec-fetch-mode': mode }),
      },
      // Who says two different hosts means to deceive somebody in front of us.
      rawHeaders: host === undefined || host === authority ? ['host', authority] : ['host', authority, 'host', host],
      socket: {},
    };
    const foreign = access.checkOrigin(asked);
    if (foreign) return { code: Code.PermissionDenied, message: foreign.message };
    const admission = await access.admit(asked, '');
    if (admission.wrong && !wrong.take(from)) return TOO_MANY;
    if (admission.scopes.includes('read')) return undefined;
    return { code: Code.Unauthenticated, message: 'A token is needed, as metadata: authorization: Bearer TOKEN.' };
  };
}
