/** Core Foundation. */
export const CORE_FOUNDATION_PATH = '/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation';

/** What is called of Core Foundation. `CFRelease` is called by scopes only. */
export const CORE_FOUNDATION = {
  CFArrayGetCount: ['i64', 'pointer'],
  CFArrayGetTypeID: ['u64'],
  CFArrayGetValueAtIndex: ['pointer', 'pointer', 'i64'],
  CFBooleanGetTypeID: ['u64'],
  CFBooleanGetValue: ['u8', 'pointer'],
  CFDataGetBytePtr: ['pointer', 'pointer'],
  CFDataGetLength: ['i64', 'pointer'],
  CFDataGetTypeID: ['u64'],
  CFDictionaryCreate: ['created', 'pointer', 'memory', 'memory', 'i64', 'pointer', 'pointer'],
  CFDictionaryCreateMutableCopy: ['created', 'pointer', 'i64', 'pointer'],
  CFDictionaryGetCount: ['i64', 'pointer'],
  CFDictionaryGetKeysAndValues: ['void', 'pointer', 'memory', 'memory'],
  CFDictionaryGetTypeID: ['u64'],
  CFDictionaryGetValue: ['pointer', 'pointer', 'pointer'],
  CFGetTypeID: ['u64', 'pointer'],
  CFNumberCreate: ['created', 'pointer', 'i64', 'memory'],
  CFNumberGetTypeID: ['u64'],
  CFNumberGetValue: ['u8', 'pointer', 'i64', 'memory'],
  CFNumberIsFloatType: ['u8', 'pointer'],
  CFRelease: ['void', 'pointer'],
  CFStringCreateWithCString: ['created', 'pointer', 'text', 'u32'],
  CFStringGetCString: ['u8', 'pointer', 'memory', 'i64', 'u32'],
  CFStringGetLength: ['i64', 'pointer'],
  CFStringGetMaximumSizeForEncoding: ['i64', 'i64', 'u32'],
  CFStringGetTypeID: ['u64'],
} as const;

/** Variables of Core Foundation whose addresses are given to what makes dictionaries of objects. */
export const CORE_FOUNDATION_VARIABLES = ['kCFTypeDictionaryKeyCallBacks', 'kCFTypeDictionaryValueCallBacks'] as const;
