/** Counters of the chip: energy, and how long what was in which state. No header describes them; the library is in every macOS. */
export const IOREPORT_PATH = '/usr/lib/libIOReport.dylib';

/**
 * What is called of libIOReport. A sample is a dictionary whose `IOReportChannels` are dictionaries; what the `Get` functions give belongs
 * to the channel. `IOReportIterate` takes a block, which cannot be given; the array is walked instead.
 */
export const IOREPORT = {
  IOReportChannelGetChannelName: ['pointer', 'pointer'],
  IOReportChannelGetGroup: ['pointer', 'pointer'],
  IOReportChannelGetSubGroup: ['pointer', 'pointer'],
  IOReportChannelGetUnitLabel: ['pointer', 'pointer'],
  IOReportCopyChannelsInGroup: ['created', 'pointer', 'pointer', 'u64', 'u64', 'u64'],
  IOReportCreateSamples: ['created', 'pointer', 'pointer', 'pointer'],
  IOReportCreateSubscription: ['created', 'pointer', 'pointer', 'memory', 'u64', 'pointer'],
  IOReportMergeChannels: ['void', 'pointer', 'pointer', 'pointer'],
  IOReportSimpleGetIntegerValue: ['i64', 'pointer', 'i32'],
  IOReportStateGetCount: ['i32', 'pointer'],
  IOReportStateGetNameForIndex: ['pointer', 'pointer', 'i32'],
  IOReportStateGetResidency: ['i64', 'pointer', 'i32'],
} as const;
