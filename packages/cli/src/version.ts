declare const __HECATE_VERSION__: string;

/** The version of hecate; put in when the command line is built. */
export const VERSION: string = typeof __HECATE_VERSION__ === 'string' ? __HECATE_VERSION__ : '0.0.0-source';
