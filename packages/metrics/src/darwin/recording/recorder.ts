import { HecateError, messageOf } from '@hecate/host';
import type { Host, NativeLibraries, NativeLibrary } from '@hecate/host';
import { openDarwin } from '../binding/darwin.ts';
import { CALLED } from './called.ts';
import type { DarwinAnswers, DarwinRecording } from './format.ts';
import { openNotebook } from './notebook.ts';
import type { OpenNotebook } from './notebook.ts';
import { LESSONS } from './lessons/index.ts';

/** Writes down what a Mac answers to whoever reads it. */
export interface DarwinRecorder {
  /** A host to be read, for one moment: everything that its libraries answer is written down. */
  openMoment(): Host;
  /** Ends the moment that was opened last; its time is now. */
  closeMoment(): void;
  /** What was written down, and what could not be, in sentences. */
  finish(): { readonly recording: DarwinRecording; readonly problems: readonly string[] };
}

/** The functions of a library, each of which writes down what it answers. */
function listenTo(
  library: NativeLibrary,
  real: NativeLibraries,
  book: OpenNotebook,
  problems: Set<string>,
  keepErrno: (errno: number) => void,
): NativeLibrary {
  return {
    address: (symbol) => library.address(symbol),
    function(symbol, prototype) {
      const call = library.function(symbol, prototype);
      const lesson = LESSONS[symbol];
      if (!call) return null;
      return (...given) => {
        const key = lesson?.key?.(given) ?? '';
        const gave = call(...given);
        const errno = real.errno();
        try {
          if (lesson) lesson.note?.(book, { key, given, gave, errno, prototype });
          else problems.add(`Nobody has told how the answers of ${symbol} are written down.`);
        } catch (error) {
          if (!(error instanceof HecateError)) throw error;
          problems.add(`${symbol}: ${messageOf(error)}`);
        }
        keepErrno(errno);
        return gave;
      };
    },
  };
}

/** The symbols that the libraries of this machine lack, or their paths where they do not load. */
function lacksOf(libraries: NativeLibraries): string[] {
  return Object.entries(CALLED).flatMap(([path, functions]) => {
    const library = libraries.load(path);
    if (!library) return [path];
    return Object.entries(functions).flatMap(([symbol, prototype]) => (library.function(symbol, prototype) ? [] : [symbol]));
  });
}

/** A recorder of a Mac. Throws UNAVAILABLE where its libraries cannot be called. */
export function openDarwinRecorder(host: Host): DarwinRecorder {
  const darwin = openDarwin(host);
  const real = darwin.libraries;
  const problems = new Set<string>();
  const moments: Required<DarwinAnswers>[] = [];
  let book: OpenNotebook | null = null;
  return {
    openMoment() {
      const own = (book = openNotebook(darwin));
      let errno = 0;
      const loaded = new Map<string, NativeLibrary | null>();
      const libraries: NativeLibraries = {
        ...real,
        load(path) {
          const known = loaded.get(path);
          if (known !== undefined) return known;
          const library = real.load(path);
          const listened = library && listenTo(library, real, own, problems, (left) => (errno = left));
          loaded.set(path, listened);
          return listened;
        },
        // What is written down makes calls of its own.
        errno: () => errno,
      };
      return { ...host, libraries: () => libraries };
    },
    closeMoment() {
      if (book) moments.push(book.finish(host.clock.now()));
      book = null;
    },
    finish: () => ({ recording: { lacks: lacksOf(real), moments }, problems: [...problems] }),
  };
}
