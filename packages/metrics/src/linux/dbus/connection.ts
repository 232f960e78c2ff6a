import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { HecateError } from '@hecate/host';
import { decodeMessage, encodeCall, messageLength } from './wire.ts';
import type { Message, MethodCall } from './wire.ts';

/** A connection over which methods are called. It does not keep the program alive while no call is under way. */
export interface DbusConnection {
  /** Calls a method. Rejects with DENIED, UNAVAILABLE or FAILED when the other side refuses, ETIMEDOUT when it does not answer in time. */
  call(call: MethodCall): Promise<Message>;
  readonly isOpen: boolean;
  close(): void;
}

interface Waiting {
  resolve(message: Message): void;
  reject(error: Error): void;
}

const timedOut = (seconds: number): Error =>
  Object.assign(new Error(`ETIMEDOUT: no answer over D-Bus within ${seconds} s`), { code: 'ETIMEDOUT' });

/** What an error of the other side means to us. */
function refusal(message: Message, call: MethodCall): HecateError {
  const name = message.errorName ?? 'an unnamed error';
  const sentence = `${call.interface}.${call.member} was answered with ${name}.`;
  if (/AccessDenied|AuthFailed|InteractiveAuthorizationRequired/.test(name)) return new HecateError('DENIED', sentence);
  if (/ServiceUnknown|NameHasNoOwner|NoServer|Unknown(?:Method|Object|Interface)|NoReply/.test(name))
    return new HecateError('UNAVAILABLE', sentence);
  return new HecateError('FAILED', sentence);
}

/** The bytes from the other side: lines while it looks us up, then messages. */
function createInbox(
  onLine: (line: string) => void,
  onMessage: (message: Message) => void,
): { readonly take: (chunk: Buffer) => void; begin: () => void } {
  let pending: Buffer = Buffer.alloc(0);
  let speaksMessages = false;
  const next = (): boolean => {
    if (!speaksMessages) {
      const end = pending.indexOf('\r\n');
      if (end < 0) {
        if (pending.length > 16_384) throw new HecateError('FAILED', 'What came over D-Bus is no line of its greeting.');
        return false;
      }
      const line = pending.toString('latin1', 0, end);
      pending = pending.subarray(end + 2);
      onLine(line);
      return true;
    }
    const length = messageLength(pending);
    if (length === null || length > pending.length) return false;
    const whole = pending.subarray(0, length);
    pending = pending.subarray(length);
    onMessage(decodeMessage(whole));
    return true;
  };
  return {
    take(chunk) {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      while (next());
    },
    begin: () => {
      speaksMessages = true;
    },
  };
}

/** Says who we are (SASL EXTERNAL: the kernel vouches for our user) and waits for the consent. */
function greet(socket: Socket, uid: number): void {
  const name = Buffer.from(String(uid)).toString('hex');
  socket.write(`\0AUTH EXTERNAL ${name}\r\n`, 'latin1');
}

/**
 * Connects to a socket that speaks D-Bus (D-Bus specification, "Authentication Protocol" and "Message Protocol").
 * With `isBus` it says Hello, as a bus wants before anything else; a service's own socket has no bus.
 * Rejects with the operating system's error (ENOENT, EACCES), DENIED when we are refused, ETIMEDOUT past `seconds`, which hold for each call too.
 */
export async function connectDbus(
  path: string,
  isBus: boolean,
  seconds: number,
  uid: number = process.getuid?.() ?? 0,
): Promise<DbusConnection> {
  const socket = createConnection({ path });
  const waiting = new Map<number, Waiting>();
  let serial = 0;
  // Why it is closed.
  let end: Error | undefined;
  let greeted: Waiting | undefined;

  const fail = (error: Error): void => {
    end ??= error;
    socket.destroy();
    greeted?.reject(error);
    greeted = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const inbox = createInbox(
    (line) => {
      if (line.startsWith('OK')) {
        socket.write('BEGIN\r\n');
        inbox.begin();
        greeted?.resolve(undefined as never);
        greeted = undefined;
      } else if (line.startsWith('REJECTED')) fail(new HecateError('DENIED', `${path} does not let user ${uid} in.`));
      else fail(new HecateError('FAILED', `${path} does not greet as D-Bus does.`));
    },
    (message) => {
      if (message.kind === 'other') return;
      const caller = waiting.get(message.replyTo);
      waiting.delete(message.replyTo);
      caller?.resolve(message);
    },
  );
  socket.on('data', (chunk: Buffer) => {
    try {
      inbox.take(chunk);
    } catch (error) {
      fail(error as Error);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new HecateError('UNAVAILABLE', `${path} was closed by the other side.`)));

  /** Waits for an answer, but not for ever; the program stays alive meanwhile, and only then. */
  const within = async <Value>(start: (waiting: Waiting) => void): Promise<Value> => {
    socket.ref();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Value>((resolve, reject) => {
        // A side that does not answer in time is given up: its late answers would be of another question.
        timer = setTimeout(() => fail(timedOut(seconds)), seconds * 1000);
        start({ resolve: resolve as Waiting['resolve'], reject });
      });
    } finally {
      clearTimeout(timer);
      if (waiting.size === 0) socket.unref();
    }
  };

  const call = async (given: MethodCall): Promise<Message> => {
    if (end) throw end;
    const number = ++serial;
    const message = await within<Message>((caller) => {
      waiting.set(number, caller);
      socket.write(encodeCall(given, number));
    });
    if (message.kind === 'error') throw refusal(message, given);
    return message;
  };

  await within<undefined>((caller) => {
    greeted = caller;
    socket.once('connect', () => greet(socket, uid));
  });
  if (isBus)
    await call({ destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus', member: 'Hello' });
  return {
    call,
    get isOpen() {
      return end === undefined;
    },
    close: () => fail(new HecateError('UNAVAILABLE', 'The connection was closed.')),
  };
}
