import type { SignalName } from '@hecate/observe';

/** What each signal does to a process that has not arranged for something else (signal(7)). */
export const SIGNAL_HELP: Readonly<Record<SignalName, string>> = {
  TERM: 'asks it to end; it can clean up, or refuse',
  KILL: 'ends it at once; nothing is saved, nothing is cleaned up',
  INT: 'interrupts it, as Ctrl+C does',
  HUP: 'its terminal is gone; many daemons read their settings anew',
  QUIT: 'ends it with a core dump, as Ctrl+\\ does',
  STOP: 'stops it until CONT',
  CONT: 'lets it go on after STOP',
  USR1: 'means what the program says; ends it if it says nothing',
  USR2: 'means what the program says; ends it if it says nothing',
};
