/** A command line as it was typed, about. */
export interface Command {
  /** The arguments, separated by spaces. */
  readonly line: string;
  /** The first argument: the program's path, or the title that a program gave itself. */
  readonly program: string;
}

/** Where the bytes of a command line end: without the NULs and spaces that a program left behind its title. */
function commandEnd(bytes: Buffer, length: number): number {
  let end = length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 32)) end--;
  return end;
}

/** The command line: arguments are separated by NUL, and a program may have overwritten them with anything. */
export function parseCommand(bytes: Buffer, length: number): Command {
  const [program, ...rest] = bytes.toString('utf8', 0, commandEnd(bytes, length)).split('\0');
  return { program: program!, line: [program, ...rest].join(' ') };
}

/** The arguments one by one. A program that overwrote them with one title has one. */
export function parseArguments(bytes: Buffer, length: number): string[] {
  if (length === 0) return [];
  const end = bytes[length - 1] === 0 ? length - 1 : length;
  return bytes.toString('utf8', 0, end).split('\0');
}

/** The kernel cuts names at 15 bytes: take the whole one from the program's path (the first argument), if it begins with the cut one. */
export function completeName(name: string, program: string | null): string {
  if (!program || Buffer.byteLength(name) < 15) return name;
  const base = program.slice(program.lastIndexOf('/') + 1);
  return base.startsWith(name) ? base : name;
}
