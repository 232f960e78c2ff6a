/** Wi-Fi. It is Objective-C: loading it is what makes its classes known. */
export const CORE_WLAN_PATH = '/System/Library/Frameworks/CoreWLAN.framework/CoreWLAN';

/** The methods that are asked for of each class, by what they give (`SHAPES`). A test holds them against Apple's headers. */
export const CORE_WLAN = {
  CWWiFiClient: { sharedWiFiClient: 'object', interfaces: 'object' },
  CWInterface: {
    activePHYMode: 'integer',
    bssid: 'object',
    countryCode: 'object',
    interfaceMode: 'integer',
    interfaceName: 'object',
    noiseMeasurement: 'integer',
    powerOn: 'boolean',
    rssiValue: 'integer',
    security: 'integer',
    ssidData: 'object',
    transmitPower: 'integer',
    transmitRate: 'number',
    wlanChannel: 'object',
  },
  CWChannel: { channelBand: 'integer', channelNumber: 'integer', channelWidth: 'integer' },
} as const;
