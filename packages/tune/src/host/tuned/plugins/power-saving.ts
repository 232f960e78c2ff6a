import { fileKnob, parseAssignment } from './assignment.ts';
import { namedDevices, noDevices } from './devices.ts';
import { pluginOf } from './plugin.ts';
import type { DraftKnob, PluginOutcome, PluginRequest, TunedPlugin } from './plugin.ts';

const isYes = (text: string): boolean => /^(?:1|true|yes|y)$/i.test(text.trim());

/** Drivers of sound that can switch themselves off. */
const SOUND = ['snd_hda_intel', 'snd_ac97_codec'];

const ofSound =
  (file: string, valueOf: (value: string) => string) =>
  (request: PluginRequest): PluginOutcome =>
    namedDevices(request, SOUND).map((name) => fileKnob(`/sys/module/${name}/parameters/${file}`, valueOf(request.value)));

/** The plugin `audio`: when sound goes to sleep. */
export const audio: TunedPlugin = pluginOf('audio', {
  timeout: ofSound('power_save', (value) => value),
  reset_controller: ofSound('power_save_controller', (value) => (isYes(value) ? 'Y' : 'N')),
});

/** Files of a directory for each device that has such a file. */
function ofDevices(request: PluginRequest, what: string, wild: string, value: string): PluginOutcome {
  const [directory = '', file = ''] = wild.split('/*/');
  const { look } = request.machine;
  const all = look.names(directory, /^/).filter((name) => look.text(`${directory}/${name}/${file}`) !== null);
  const names = namedDevices(request, all);
  return names.length === 0 ? noDevices(request, what) : names.map((name) => fileKnob(`${directory}/${name}/${file}`, value));
}

/** The plugin `usb`: whether USB devices that nobody uses are suspended after a second. */
export const usb: TunedPlugin = pluginOf('usb', {
  autosuspend: (request) =>
    ofDevices(request, 'USB devices that can be suspended', '/sys/bus/usb/devices/*/power/autosuspend', isYes(request.value) ? '1' : '0'),
});

/** The plugin `scsi_host`: power management of SATA links (ALPM). */
export const scsiHost: TunedPlugin = pluginOf('scsi_host', {
  alpm: (request) =>
    ofDevices(request, 'SATA links whose power is managed', '/sys/class/scsi_host/*/link_power_management_policy', request.value),
});

const PROFILES = ['default', 'auto', 'low', 'mid', 'high'];

/** What the old driver radeon is told, for the first word of a list that it can be told. */
function radeon(card: string, words: readonly string[]): readonly DraftKnob[] {
  const set = (file: string, value: string): DraftKnob => ({ knob: 'sysfs', path: `/sys/class/drm/${card}/device/${file}`, value });
  for (const word of words) {
    if (PROFILES.includes(word)) return [set('power_method', 'profile'), set('power_profile', word)];
    if (word === 'dynpm') return [set('power_method', 'dynpm')];
    const state = /^dpm-(battery|balanced|performance)$/.exec(word)?.[1];
    if (state !== undefined) return [set('power_method', 'dpm'), set('power_dpm_state', state)];
  }
  return [];
}

/** The plugin `video`: power of graphics cards under the driver radeon. */
export const video: TunedPlugin = pluginOf('video', {
  radeon_powersave(request) {
    const { look } = request.machine;
    const cards = look
      .names('/sys/class/drm', /^card\d{1,3}$/)
      .filter((card) => look.text(`/sys/class/drm/${card}/device/power_method`) !== null);
    const named = namedDevices(request, cards);
    if (named.length === 0) return noDevices(request, 'graphics cards under the driver radeon');
    const knobs = named.flatMap((card) => radeon(card, parseAssignment(request.value).value.split(/[\s:;,]+/)));
    return knobs.length === 0 ? 'The driver radeon knows no such mode.' : knobs;
  },
});

/** The plugin `selinux`: how many decisions the kernel remembers. */
export const selinux: TunedPlugin = pluginOf('selinux', {
  avc_cache_threshold: ({ value }) => [fileKnob('/sys/fs/selinux/avc/cache_threshold', value)],
});
