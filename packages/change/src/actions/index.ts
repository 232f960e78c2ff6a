import type { ActionKind } from '../action.ts';
import type { ActionHandler, Handlers } from '../handler.ts';
import { command } from './command.ts';
import { fan } from './fan.ts';
import { file } from './file.ts';
import { firewall } from './firewall.ts';
import { link } from './link.ts';
import { module } from './module.ts';
import { mount } from './mount.ts';
import { unit } from './unit.ts';
import { zram } from './zram.ts';
import { cgroup } from './cgroup.ts';
import { sysctl } from './sysctl.ts';
import { sysfs } from './sysfs.ts';

/** Every kind of action that this package can do, one file each. */
const HANDLERS: readonly ActionHandler[] = [command, file, firewall, link, module, mount, unit, zram, sysctl, sysfs, cgroup, fan];

/** The handlers of this package, and those that others bring (packages). */
export function openHandlers(more: readonly ActionHandler[] = []): Handlers {
  return new Map<ActionKind, ActionHandler>([...HANDLERS, ...more].map((handler) => [handler.kind, handler]));
}
