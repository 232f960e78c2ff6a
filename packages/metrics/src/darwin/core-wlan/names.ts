/** What numbers of CoreWLANTypes.h stand for, in its order. A number that is not here is one of a newer system: unknown. */

/** `CWChannelBand`: the band as channels are told by it, in GHz. */
export const BANDS: readonly (2 | 5 | 6 | null)[] = [null, 2, 5, 6];

/** `CWChannelWidth`: hertz. */
export const WIDTHS: readonly (number | null)[] = [null, 20e6, 40e6, 80e6, 160e6];

/** `CWInterfaceMode`, in the words of Linux. */
export const MODES: readonly (string | null)[] = [null, 'station', 'ad-hoc', 'ap'];

/** `CWPHYMode`. */
export const STANDARDS: readonly (string | null)[] = [
  ...[null, '802.11a', '802.11b', '802.11g', '802.11n', '802.11ac', '802.11ax', '802.11be'],
];

/** `CWSecurity`. */
export const SECURITIES: readonly string[] = [
  ...['none', 'wep', 'wpa-personal', 'wpa-wpa2-personal', 'wpa2-personal', 'personal', 'dynamic-wep'],
  ...['wpa-enterprise', 'wpa-wpa2-enterprise', 'wpa2-enterprise', 'enterprise'],
  ...['wpa3-personal', 'wpa3-enterprise', 'wpa2-wpa3-personal', 'owe', 'open-owe'],
];
