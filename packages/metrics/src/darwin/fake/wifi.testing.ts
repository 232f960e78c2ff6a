import type { CfTree, FakeMachine } from './machine.testing.ts';

/** nil. */
export const NIL: CfTree = { $other: 1 };

/** A floating-point number, whole or not. */
export const double = (value: number): CfTree => ({ $double: value });

/** What an interface answers, by the names of its methods. */
export type FakeWlan = Readonly<Record<string, CfTree>>;

/** An interface in a network, as a program sees it that may know where the Mac is. */
export const joinedWlan: FakeWlan = {
  ...{ interfaceName: 'en0', powerOn: true, rssiValue: -55, noiseMeasurement: -93, transmitPower: 100, countryCode: 'DE' },
  ...{ activePHYMode: 6, interfaceMode: 1, security: 4, bssid: 'f4:92:bf:00:11:22', ssidData: Buffer.from('Büro – 電') },
  ...{ transmitRate: double(866), wlanChannel: { channelNumber: 36, channelBand: 2, channelWidth: 3 } },
};

/** One that is on and in no network. */
export const idleWlan: FakeWlan = {
  ...{ interfaceName: 'en1', powerOn: true, rssiValue: 0, noiseMeasurement: 0, transmitPower: 0, countryCode: NIL },
  ...{ activePHYMode: 0, interfaceMode: 0, security: 2 ** 53, bssid: NIL, ssidData: NIL, transmitRate: double(0), wlanChannel: NIL },
};

/** A Mac with these Wi-Fi interfaces. */
export const wifiOf = (interfaces: readonly FakeWlan[]): FakeMachine => ({
  trees: { CWWiFiClient: { sharedWiFiClient: { interfaces } } },
});
