/** What macOS does not tell of an access point. */
export const UNTOLD = {
  signalAverage: null,
  receiveRate: null,
  receiveBytes: null,
  transmitBytes: null,
  receivePackets: null,
  transmitPackets: null,
  transmitRetries: null,
  transmitFailures: null,
  beaconLosses: null,
  connected: null,
  inactive: null,
} as const;
