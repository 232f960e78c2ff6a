import { parsePattern } from './query-pattern-syntax.ts';
import type { PatternNode } from './query-pattern-syntax.ts';

/** A pattern that is looked for in texts, whether letters are large or small. */
export interface Pattern {
  test(text: string): boolean;
}

/** Steps that a pattern may come to, and states that are kept before all are forgotten. */
const MOST_STEPS = 2000;
const MOST_STATES = 300;

type Step =
  | { readonly kind: 'letter'; readonly matches: (code: number) => boolean }
  | { readonly kind: 'fork'; first: number; second: number }
  | { readonly kind: 'begin' | 'end' | 'found' };

/** Steps that can be waiting at one place of a text, and where each letter leads from there. */
interface State {
  readonly waiting: readonly number[];
  readonly found: boolean;
  readonly foundAtEnd: boolean;
  readonly next: Map<number, State>;
}

/**
 * A regular expression that takes time in proportion to the text, whatever the pattern and the text: it follows all ways at once
 * (Thompson, "Regular expression search algorithm", 1968) and keeps the sets of places that it has been in. What a process calls itself
 * is chosen by strangers, and the engine of the runtime can take for ever for a pattern
 * such as `(a+)+b`. Returns what is wrong with a pattern as the end of a sentence.
 */
export function compilePattern(source: string): Pattern | string {
  const tree = parsePattern(source);
  if (typeof tree === 'string') return tree;
  const steps: Step[] = [];
  if (!emit(tree, steps)) return `it comes to more than ${MOST_STEPS} steps`;
  steps.push({ kind: 'found' });

  const closure = (from: readonly number[], atBegin: boolean, atEnd: boolean): number[] => {
    const seen = new Set<number>();
    const todo = [...from];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const step = steps[at]!;
      if (step.kind === 'fork') todo.push(step.second, step.first);
      else if ((step.kind === 'begin' && atBegin) || (step.kind === 'end' && atEnd)) todo.push(at + 1);
    }
    return [...seen].toSorted((a, b) => a - b);
  };
  const last = steps.length - 1;
  const makeState = (waiting: readonly number[], atBegin: boolean): State => {
    const found = waiting.includes(last);
    return { waiting, found, foundAtEnd: found || closure(waiting, atBegin, true).includes(last), next: new Map() };
  };
  const begin = makeState(closure([0], true, false), true);
  const states = new Map<string, State>();
  const stateOf = (waiting: readonly number[]): State => {
    const key = waiting.join();
    const known = states.get(key);
    if (known) return known;
    if (states.size >= MOST_STATES) {
      // Without the ways that lead to them they can go.
      states.clear();
      begin.next.clear();
    }
    const state = makeState(waiting, false);
    states.set(key, state);
    return state;
  };

  const follow = (state: State, code: number): State => {
    // A match can begin at each letter.
    const reached = [0];
    for (const at of state.waiting) {
      const step = steps[at]!;
      if (step.kind === 'letter' && step.matches(code)) reached.push(at + 1);
    }
    const next = stateOf(closure(reached, false, false));
    state.next.set(code, next);
    return next;
  };

  return {
    test(text) {
      const letters = text.toLowerCase();
      let state = begin;
      for (let at = 0; at < letters.length; at++) {
        if (state.found) return true;
        const code = letters.charCodeAt(at);
        state = state.next.get(code) ?? follow(state, code);
      }
      return state.foundAtEnd;
    },
  };
}

/** Appends the steps of a piece; false when there are too many. */
function emit(node: PatternNode, steps: Step[]): boolean {
  if (steps.length > MOST_STEPS) return false;
  switch (node.kind) {
    case 'letter':
    case 'begin':
    case 'end':
      steps.push(node);
      return true;
    case 'sequence':
      return node.parts.every((part) => emit(part, steps));
    case 'choice': {
      const jumps: Extract<Step, { kind: 'fork' }>[] = [];
      for (const [index, part] of node.parts.entries()) {
        const isLast = index === node.parts.length - 1;
        const fork: Step = { kind: 'fork', first: steps.length + 1, second: 0 };
        if (!isLast) steps.push(fork);
        if (!emit(part, steps)) return false;
        if (isLast) continue;
        const jump: Extract<Step, { kind: 'fork' }> = { kind: 'fork', first: 0, second: 0 };
        steps.push(jump);
        jumps.push(jump);
        fork.second = steps.length;
      }
      for (const jump of jumps) jump.first = jump.second = steps.length;
      return true;
    }
    case 'repeat': {
      for (let count = 0; count < node.least; count++) {
        const before = steps.length;
        if (!emit(node.part, steps)) return false;
        // Nothing, as often as one likes, is nothing: `(((){1000}){1000}){1000}` would be counted to its end.
        if (steps.length === before) break;
      }
      if (node.most === null) {
        const fork: Step = { kind: 'fork', first: steps.length + 1, second: 0 };
        const start = steps.length;
        steps.push(fork);
        if (!emit(node.part, steps)) return false;
        steps.push({ kind: 'fork', first: start, second: start });
        fork.second = steps.length;
        return true;
      }
      const forks: Extract<Step, { kind: 'fork' }>[] = [];
      for (let count = node.least; count < node.most; count++) {
        const fork: Extract<Step, { kind: 'fork' }> = { kind: 'fork', first: steps.length + 1, second: 0 };
        steps.push(fork);
        forks.push(fork);
        if (!emit(node.part, steps)) return false;
      }
      for (const fork of forks) fork.second = steps.length;
      return true;
    }
  }
}
