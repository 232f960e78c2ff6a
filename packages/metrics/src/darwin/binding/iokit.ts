/**
 * What is called of IOKit. `IOServiceMatching` gives an object that is not for its caller to release: it is handed on to
 * `IOServiceGetMatchingServices`, which takes the reference over. `IOObjectRelease` is called by scopes only.
 */
export const IOKIT = {
  IOHIDEventGetFloatValue: ['f64', 'pointer', 'i64'],
  IOHIDEventSystemClientCopyServices: ['created', 'pointer'],
  IOHIDEventSystemClientCreate: ['created', 'pointer'],
  IOHIDEventSystemClientSetMatching: ['i32', 'pointer', 'pointer'],
  IOHIDServiceClientCopyEvent: ['created', 'pointer', 'i64', 'i32', 'i64'],
  IOHIDServiceClientCopyProperty: ['created', 'pointer', 'pointer'],
  IOIteratorNext: ['object', 'u32'],
  IOObjectConformsTo: ['u32', 'u32', 'text'],
  IOObjectRelease: ['i32', 'u32'],
  IOPSCopyExternalPowerAdapterDetails: ['created'],
  IOPSCopyPowerSourcesInfo: ['created'],
  IOPSCopyPowerSourcesList: ['created', 'pointer'],
  IOPSGetPowerSourceDescription: ['pointer', 'pointer', 'pointer'],
  IOPSGetProvidingPowerSourceType: ['pointer', 'pointer'],
  IORegistryEntryCreateCFProperties: ['i32', 'u32', 'memory', 'pointer', 'u32'],
  IORegistryEntryCreateCFProperty: ['created', 'u32', 'pointer', 'pointer', 'u32'],
  IORegistryEntryGetChildIterator: ['i32', 'u32', 'text', 'memory'],
  IORegistryEntryGetName: ['i32', 'u32', 'memory'],
  IORegistryEntryGetParentEntry: ['i32', 'u32', 'text', 'memory'],
  IORegistryEntryGetRegistryEntryID: ['i32', 'u32', 'memory'],
  IOServiceGetMatchingServices: ['i32', 'u32', 'pointer', 'memory'],
  IOServiceMatching: ['pointer', 'text'],
} as const;
