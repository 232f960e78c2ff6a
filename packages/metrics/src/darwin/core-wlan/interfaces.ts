import { HecateError } from '@hecate/host';
import { CORE_WLAN, CORE_WLAN_PATH } from '../binding/core-wlan.ts';
import type { Darwin } from '../binding/darwin.ts';
import { mapArray } from '../core-foundation/array.ts';
import { classOf, receiverOf, withPool } from '../objective-c/message.ts';
import type { Receiver } from '../objective-c/message.ts';

/** An object of CoreWLAN that is asked. */
export type Wlan<Name extends keyof typeof CORE_WLAN> = Receiver<(typeof CORE_WLAN)[Name]>;

/** The channel of an interface; null when it has none. */
export function channelOf(darwin: Darwin, wlan: Wlan<'CWInterface'>): Wlan<'CWChannel'> | null {
  const address = wlan.send('wlanChannel');
  return address === 0n ? null : receiverOf(darwin, CORE_WLAN, 'CWChannel', address);
}

/**
 * Calls `visit` for each Wi-Fi interface, in a pool of their own: an empty list where the machine has no Wi-Fi. The shared client is kept
 * by CoreWLAN; asking it is a message to another process. Throws UNSUPPORTED where there is no CoreWLAN.
 */
export function mapWlanInterfaces<Result>(darwin: Darwin, visit: (wlan: Wlan<'CWInterface'>) => Result): Result[] {
  // Nothing is called of it by a symbol: it is loaded for its classes.
  if (!darwin.libraries.load(CORE_WLAN_PATH)) throw new HecateError('UNSUPPORTED', `This system has no ${CORE_WLAN_PATH}.`);
  return withPool(darwin, () => {
    const shared = classOf(darwin, CORE_WLAN, 'CWWiFiClient')?.send('sharedWiFiClient');
    if (shared === undefined) throw new HecateError('UNSUPPORTED', 'The CoreWLAN of this system has no CWWiFiClient.');
    if (shared === 0n) return [];
    const list = receiverOf(darwin, CORE_WLAN, 'CWWiFiClient', shared).send('interfaces');
    // An array of Objective-C is one of Core Foundation.
    return mapArray(darwin, list, (address) => visit(receiverOf(darwin, CORE_WLAN, 'CWInterface', address)));
  });
}
