import { HecateError } from '@hecate/host';
import { quote } from '../raw-action.ts';

/**
 * The parts of a key. When the first separator is a dot, dots separate and a slash stands for a dot inside a name; when it is a slash,
 * slashes separate and dots are dots: sysctl.d(5). Throws INVALID for a key that is no path below /proc/sys.
 */
export function keyParts(key: string): string[] {
  const bySlash = /^[^./]*\//.test(key);
  const parts = bySlash ? key.split('/') : key.split('.').map((part) => part.replaceAll('/', '.'));
  const isPlain = parts.length > 1 && parts.every((part) => /^[^\s/*?[\]]+$/.test(part) && part !== '.' && part !== '..');
  if (isPlain && key.length <= 255) return parts;
  throw new HecateError('INVALID', `${quote(key)} is no sysctl.`, {
    hint: 'A key looks like vm.swappiness, or net/ipv4/conf/eth0.100/forwarding.',
  });
}

/** A key with dots between its parts, so that one sysctl has one name. */
export const canonicalKey = (key: string): string =>
  keyParts(key)
    .map((part) => part.replaceAll('.', '/'))
    .join('.');

/** Where a key lies. */
export const keyPath = (key: string): string => `/proc/sys/${keyParts(key).join('/')}`;

/** The interface in a key like `net.ipv4.conf.eth0.forwarding`, or null: there is none, or it stands for all of them. */
export function keyInterface(key: string): string | null {
  const [net, family, kind, name] = keyParts(key);
  const isOfInterface = net === 'net' && /^ipv[46]$|^mpls$/.test(family ?? '') && /^conf$|^neigh$/.test(kind ?? '');
  return isOfInterface && name !== undefined && name !== 'all' && name !== 'default' ? name : null;
}
