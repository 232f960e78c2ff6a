/**
 * Hertz of the middle of a channel of 20 MHz (IEEE 802.11-2020, 15.4.4.3, 17.3.8.4, 27.3.23.2; of 6 GHz, 802.11ax). `band` is 2, 5 or 6;
 * without it numbers up to 14 are of 2.4 GHz and others of 5 GHz. Null for a number that the band does not have.
 */
export function channelFrequency(channel: number, band: number | null): number | null {
  const megahertz = megahertzOf(channel, band ?? (channel > 14 ? 5 : 2));
  return megahertz === null ? null : megahertz * 1e6;
}

function megahertzOf(channel: number, band: number): number | null {
  if (!Number.isInteger(channel) || channel < 1) return null;
  if (band === 6) return channel === 2 ? 5935 : channel <= 233 ? 5950 + 5 * channel : null;
  if (band === 5) return channel <= 200 ? 5000 + 5 * channel : null;
  if (band !== 2) return null;
  return channel === 14 ? 2484 : channel <= 13 ? 2407 + 5 * channel : null;
}
