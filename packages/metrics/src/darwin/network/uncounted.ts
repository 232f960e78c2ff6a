/** What macOS does not count of a network interface. */
export const UNCOUNTED = [
  'receiveFifo',
  'receiveFrame',
  'receiveCompressed',
  'transmitFifo',
  'transmitCarrier',
  'transmitCompressed',
] as const;
