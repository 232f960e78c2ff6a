/**
 * A key: what it types (`a`, `A`, `ä`, `?`), or its name: `space`, `enter`, `tab`, `backspace`, `escape`, `up`, `down`, `left`, `right`,
 * `home`, `end`, `pageup`, `pagedown`, `insert`, `delete`, `f1` to `f20`. Before it, in this order, `ctrl+`, `alt+`, and `shift+` where
 * shift does not make another character: `ctrl+c`, `alt+x`, `shift+tab`, `ctrl+alt+shift+up`.
 */
export interface KeyEvent {
  readonly kind: 'key';
  readonly key: string;
}

/** What the mouse did in a cell, counted from 0. `drag`: it was moved with a button held. */
export interface MouseEvent {
  readonly kind: 'mouse';
  readonly action: 'press' | 'release' | 'drag' | 'wheel-up' | 'wheel-down' | 'wheel-left' | 'wheel-right';
  /** Null for the wheel. */
  readonly button: 'left' | 'middle' | 'right' | null;
  readonly x: number;
  readonly y: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
}

/** A text that was pasted, cut where it is very long: line ends are `\n`, and there are no control characters but these and tabs. */
export interface PasteEvent {
  readonly kind: 'paste';
  readonly text: string;
}

/** The window of the terminal has got the keyboard, or lost it. */
export interface FocusEvent {
  readonly kind: 'focus';
  readonly has: boolean;
}

/** What a person does at the terminal. */
export type InputEvent = KeyEvent | MouseEvent | PasteEvent | FocusEvent;
