import { HecateError } from '@hecate/host';
import type { FileAction, Json, LinkAction, SysctlAction, SysfsAction } from '../action.ts';
import type { ActionHandler, Handlers } from '../handler.ts';

const noParse = (): never => {
  throw new HecateError('INVALID', 'Plans of these tests are not parsed.');
};
const about = { parse: noParse, check: () => undefined };
const same = (now: Json, wanted: Json): boolean => JSON.stringify(now) === JSON.stringify(wanted);

/** The value in a text: the word in brackets, or all of it. */
export const valueOf = (text: string): string => /\[(.*?)\]/.exec(text)?.[1] ?? text.trim();

const sysfs: ActionHandler<SysfsAction> = {
  ...about,
  kind: 'sysfs',
  persists: false,
  target: ({ path }) => path,
  describe: ({ path }) => path,
  current: (host, { path }) => valueOf(host.readText(path)),
  wanted: ({ value }) => value,
  apply: (host, { path, value }) => host.setValue(path, value),
  restore: (host, { path }, was) => host.setValue(path, was as string),
};

const pathOf = (member: string): string => `/proc/sys/vm/dirty_${member}`;

/** vm.dirty_ratio and vm.dirty_bytes, which exclude one another. */
const sysctl: ActionHandler<SysctlAction> = {
  ...about,
  kind: 'sysctl',
  persists: false,
  target: () => 'vm.dirty_ratio, vm.dirty_bytes',
  describe: ({ key }) => key,
  current: (host) => ({ ratio: host.readText(pathOf('ratio')).trim(), bytes: host.readText(pathOf('bytes')).trim() }),
  wanted: ({ key, value }) => (key.endsWith('ratio') ? { ratio: value, bytes: '0' } : { ratio: '0', bytes: value }),
  apply: (host, { key, value }) => host.setValue(pathOf(key.replace('vm.dirty_', '')), value),
  restore(host, _, was) {
    const [member, value] = Object.entries(was as Record<string, string>).find(([, text]) => text !== '0')!;
    host.setValue(pathOf(member), value);
  },
};

const file: ActionHandler<FileAction> = {
  ...about,
  kind: 'file',
  persists: true,
  target: ({ path }) => path,
  describe: ({ path }) => path,
  current(host, { path }) {
    const found = host.status(path);
    return found && { content: host.readText(path), mode: found.mode };
  },
  wanted: ({ content, mode }, was) =>
    content === null ? null : { content, mode: mode ?? (was as { mode: number } | null)?.mode ?? 0o644 },
  apply(host, action, was) {
    const wanted = file.wanted(action, was, host);
    return file.restore(host, action, wanted as Json);
  },
  restore(host, { path }, was) {
    if (was === null) return host.removeFile(path);
    const { content, mode } = was as { content: string; mode: number };
    host.placeFile(path, Buffer.from(content), { mode, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
  },
  tidy: (host, { path }) => host.tidy(path),
  isOurs: same,
};

const link: ActionHandler<LinkAction> = {
  ...about,
  kind: 'link',
  persists: true,
  target: ({ path }) => path,
  describe: ({ path }) => path,
  current: (host, { path }) => (host.status(path) ? host.readLink(path) : null),
  wanted: ({ target }) => target,
  apply: (host, action) => link.restore(host, action, action.target),
  restore: (host, { path }, was) => (was === null ? host.removeFile(path) : host.placeLink(path, was as string)),
  tidy: (host, { path }) => host.tidy(path),
  isOurs: same,
};

/** The simplest handlers that keep the contract: what these tests find is of the engine. */
export const simpleHandlers: Handlers = new Map([sysfs, sysctl, file, link].map((handler) => [handler.kind, handler as ActionHandler]));
