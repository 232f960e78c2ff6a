import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { LEFT_OUT } from './left-out.ts';
import { modules } from './modules.ts';
import { net } from './net.ts';
import type { TunedPlugin } from './plugin.ts';
import { audio, scsiHost, selinux, usb, video } from './power-saving.ts';
import { scheduler } from './scheduler.ts';
import { service } from './service.ts';
import { sysctl } from './sysctl.ts';
import { sysfs } from './sysfs.ts';
import { vm } from './vm.ts';

/** The plugins of tuned by name. */
export const TUNED_PLUGINS: ReadonlyMap<string, TunedPlugin> = new Map(
  [sysctl, sysfs, vm, cpu, disk, net, scheduler, modules, service, audio, video, usb, scsiHost, selinux, ...LEFT_OUT].map((plugin) => [
    plugin.name,
    plugin,
  ]),
);
