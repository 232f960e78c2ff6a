/** The runtime of Objective-C. */
export const OBJECTIVE_C_PATH = '/usr/lib/libobjc.A.dylib';

/**
 * What is called of it. A message is sent by one function, `objc_msgSend`, which gives and takes what the method does: each shape that is
 * sent is a line of its own here, by what the method gives. Objects that a method gives belong to the pool that is open.
 */
export const OBJECTIVE_C = {
  objc_autoreleasePoolPop: ['void', 'pointer'],
  objc_autoreleasePoolPush: ['pointer'],
  objc_getClass: ['pointer', 'text'],
  sel_registerName: ['pointer', 'text'],
  sendForBoolean: ['u8', 'pointer', 'pointer'],
  sendForInteger: ['i64', 'pointer', 'pointer'],
  sendForNumber: ['f64', 'pointer', 'pointer'],
  sendForObject: ['pointer', 'pointer', 'pointer'],
  sendSelectorForBoolean: ['u8', 'pointer', 'pointer', 'pointer'],
} as const;

/** The symbols of lines that are not called by their own name. */
export const OBJECTIVE_C_SYMBOLS: Readonly<Record<string, string>> = {
  sendForBoolean: 'objc_msgSend',
  sendForInteger: 'objc_msgSend',
  sendForNumber: 'objc_msgSend',
  sendForObject: 'objc_msgSend',
  sendSelectorForBoolean: 'objc_msgSend',
};

/** What a method gives, and the line above that sends for it. */
export const SHAPES = {
  boolean: 'sendForBoolean',
  integer: 'sendForInteger',
  number: 'sendForNumber',
  object: 'sendForObject',
} as const;
