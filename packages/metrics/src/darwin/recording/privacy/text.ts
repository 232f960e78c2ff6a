import type { CfTree } from '../format.ts';
import { hideHardware, hideIp } from './addresses.ts';
import type { Hidden, StandIns } from './stand-ins.ts';

/** What is replaced in texts, and in bytes that hold texts. */
export interface TextRules {
  /** Says of a name that it is one: it is replaced wherever it stands as a word. */
  learn(kind: Hidden, name: string): void;
  /** Learns a value by the key that it has in a dictionary. */
  learnOf(key: string, value: CfTree): void;
  /** Learns the values of such keys in the output of a program: JSON and property lists. */
  learnText(output: string): void;
  text(text: string): string;
  bytes(bytes: Buffer): Buffer;
  tree(tree: CfTree): CfTree;
  /** What a program printed. */
  output(argv: readonly string[], text: string): string;
}

const IDENTIFIER_KEY = /serial|uuid|udid|unique.?(?:chip|device)?.?id|\becid\b|imei|nonce|provisioning/i;
const ADDRESS_KEY = /mac.?address|^bssid$|hardware.?address|bluetooth.?address/i;
const NETWORK_KEY = /^ssid(?:Data)?$|ssid.?name/i;
const MACHINE_KEY = /host.?name|local_?host|computer.?name|^kern\.hostname$/i;
/** Bytes that makers write what they like into. */
const OPAQUE_KEY = /^ManufacturerData$|serial/i;

const kindOfKey = (key: string): Hidden | null => {
  if (ADDRESS_KEY.test(key)) return 'hardware addresses';
  if (IDENTIFIER_KEY.test(key)) return 'serial numbers and identifiers';
  if (NETWORK_KEY.test(key)) return 'names of networks';
  return MACHINE_KEY.test(key) ? 'names of the machine' : null;
};

/** Shorter ones stand in too many words. */
const SHORTEST = 4;
/** What stands for no value, or for the machine's own in every Mac. */
const COMMONPLACE =
  /^(?:unknown|none|null|true|false|0+|<redacted>|localhost|local|home|lan|corp|internal|example|disk\d\S*|apple|root|shared|guest|yes|no|n\/a|not available|macintosh hd.*|preboot|recovery|update|vm|data|system|volumes|users)$/i;

const UUID = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi;
const HARDWARE = /(?<![\da-f:])(?:[\da-f]{1,2}[:-]){5}[\da-f]{1,2}(?![\da-f:])/gi;
/** What has the shape of an address or an identifier. */
const HEXADECIMAL = /^(?=.*[-:])[\da-f:-]{8,}$/i;
const HOME = /\/Users\/(?<user>[^/\0\n"<>,:;]+)(?<rest>(?:\/[^/\0\n"<>,:;]+)*)/g;
const VOLUME = /\/Volumes\/(?<name>[^/\0\n"<>,:;()]+)/g;
/** A directory of a server: `//user@server/share`. */
const SHARE = /(?<=\/\/)[^/\s@"<>\0]+@[^\s"<>\0]+/g;
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g;
const IPV6 = /(?<![\w:.])(?=[\da-f]*:[\da-f]*:)[\da-f:]{3,39}(?![\w:])/gi;
const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Text in JSON and in property lists: a key, and the value that it has. */
const JSON_PAIR = /"(?<key>[^"\\]{1,80})"\s*:\s*"(?<value>[^"\\]{1,200})"/g;
const LIST_PAIR = /<key>(?<key>[^<]{1,80})<\/key>\s*<string>(?<value>[^<]{1,200})<\/string>/g;
/** Networks of `system_profiler`: what they are called stands with this key, in lists of networks only. */
const PROFILED_NETWORKS = /"spairport_[^"]*network[^"]*"\s*:\s*[[{][^]*?"_name"\s*:\s*"(?<value>[^"]+)"/g;

/** Who prints addresses as text. */
const NETWORK_PROGRAMS = /\/(?:netstat|ifconfig|mount|df)$/;

/** Rules with nothing learnt yet. */
export function openTextRules(standIns: StandIns): TextRules {
  const learnt = new Map<string, Hidden>();
  /** Addresses and identifiers stay hexadecimal. */
  const spell = (kind: Hidden, name: string): string => (HEXADECIMAL.test(name) ? standIns.hex(kind, name) : standIns.word(kind, name));
  let pattern: RegExp | null = null;

  const learn = (kind: Hidden, name: string): void => {
    // `gretas-mac.firm.example`: each part is a name, and stands without the others too.
    const names = kind === 'names of the machine' ? name.split('.') : [name];
    for (const one of names.map((each) => each.trim())) {
      if (Buffer.byteLength(one) < SHORTEST || COMMONPLACE.test(one) || learnt.has(one)) continue;
      learnt.set(one, kind);
      pattern = null;
    }
  };
  const patternOf = (): RegExp | null => {
    if (learnt.size === 0) return null;
    const names = [...learnt.keys()].toSorted((a, b) => b.length - a.length).map(escape);
    return (pattern ??= new RegExp(`(?<!\\w)(?:${names.join('|')})(?!\\w)`, 'g'));
  };
  const hideVolume = (name: string): string => {
    const plain = name.trimEnd();
    return spell('names of volumes', plain) + name.slice(plain.length);
  };
  const hideHome = (user: string, rest: string): string => {
    const parts = rest.split('/').slice(1);
    // What a program is called stays; how its directories are called is nobody's business.
    const kept = parts.map((part, index) =>
      index === parts.length - 1 || /\.app$|^Contents$|^MacOS$|^Library$|^Applications$/.test(part)
        ? part
        : standIns.word('directories of users', part),
    );
    const name = COMMONPLACE.test(user) ? user : standIns.word('names of users', user);
    return ['/Users', name, ...kept].join('/');
  };
  const text = (given: string): string => {
    let said = given.includes('/Users/') ? given.replaceAll(HOME, (_all, user: string, rest: string) => hideHome(user, rest)) : given;
    said = said.replaceAll(VOLUME, (all, name: string) => (COMMONPLACE.test(name.trim()) ? all : `/Volumes/${hideVolume(name)}`));
    const names = patternOf();
    if (names) said = said.replaceAll(names, (name) => spell(learnt.get(name)!, name));
    if (said.includes('@')) said = said.replaceAll(SHARE, (all) => standIns.word('names of volumes', all));
    if (said.includes('-')) said = said.replaceAll(UUID, (all) => standIns.hex('serial numbers and identifiers', all));
    return said.includes(':') || said.includes('-') ? said.replaceAll(HARDWARE, (all) => standIns.hex('hardware addresses', all)) : said;
  };
  const bytes = (given: Buffer): Buffer => {
    // One letter a byte: what is replaced has as many, and what is no text stays as it is.
    const raw = given.toString('latin1');
    const said = raw.replaceAll(/[\x20-\x7e\x80-\xff]{4,}/g, (part) => {
      const spelled = Buffer.from(part, 'latin1').toString('utf8');
      const hidden = text(spelled.includes('�') ? part : spelled);
      const back = spelled.includes('�') ? hidden : Buffer.from(hidden).toString('latin1');
      return back.length === part.length ? back : part;
    });
    return said === raw ? given : Buffer.from(said, 'latin1');
  };
  const tree = (given: CfTree, key = ''): CfTree => {
    const kind = kindOfKey(key);
    if (typeof given === 'string')
      return kind === null || kind === 'names of the machine' || COMMONPLACE.test(given) ? text(given) : spell(kind, given);
    if (Buffer.isBuffer(given)) {
      if (kind === 'hardware addresses' || /mac/i.test(key)) return hideHardware(standIns, given);
      if (kind !== null || OPAQUE_KEY.test(key)) return hideData(kind ?? 'serial numbers and identifiers', given);
      return bytes(given);
    }
    if (typeof given === 'number' || typeof given === 'bigint')
      return kind === 'serial numbers and identifiers' && given > 9999 ? BigInt(standIns.word(kind, String(given))) : given;
    if (typeof given === 'boolean') return given;
    if (Array.isArray(given)) return given.map((one: CfTree) => tree(one, key));
    return Object.fromEntries(Object.entries(given).map(([name, one]): [string, CfTree] => [name, tree(one, name)]));
  };
  const hideData = (kind: Hidden, data: Buffer): Buffer => {
    const shown = data.toString('latin1');
    return /^[\x20-\x7e]*\0*$/.test(shown) ? Buffer.from(spell(kind, shown), 'latin1') : standIns.bytes(kind, data);
  };
  const learnOf = (key: string, value: CfTree): void => {
    const kind = kindOfKey(key);
    if (kind !== null && kind !== 'hardware addresses' && typeof value === 'string') learn(kind, value);
  };
  return {
    learn,
    learnOf,
    learnText(output) {
      for (const found of [JSON_PAIR, LIST_PAIR]) {
        for (const { groups } of output.matchAll(found)) learnOf(groups!['key']!, groups!['value']!);
      }
      for (const { groups } of output.matchAll(VOLUME)) learn('names of volumes', groups!['name']!);
      for (const { groups } of output.matchAll(PROFILED_NETWORKS)) learn('names of networks', groups!['value']!);
    },
    text,
    bytes,
    tree: (given) => tree(given),
    output(argv, given) {
      const said = text(given);
      if (!NETWORK_PROGRAMS.test(argv[0] ?? '')) return said;
      return said
        .replaceAll(IPV4, (all) => {
          const parts = all.split('.').map(Number);
          return parts.every((part) => part < 256) ? hideIp(standIns, Buffer.from(parts)).join('.') : all;
        })
        .replaceAll(IPV6, (all) => {
          // Addresses of hardware have been seen to; loopback and multicast are the same everywhere.
          if (all.match(HARDWARE) || /^(?:::1?|ff.*)$/i.test(all)) return all;
          const [, prefix = '', rest = all] = /^(?<prefix>fe80:[\da-f]{0,4}:)(?<rest>.*)$/i.exec(all) ?? [];
          return prefix + standIns.hex('IP addresses', rest);
        });
    },
  };
}
