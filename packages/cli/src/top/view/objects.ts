import type { Scene } from '../scene.ts';

/** One of several things of a kind, and the ids of its series by their metric. */
export interface SceneObject {
  readonly name: string;
  readonly ids: Readonly<Record<string, string>>;
}

/** What there is at a moment, in the order in which its series come; cores by their number. */
export interface SceneObjects {
  readonly core: readonly SceneObject[];
  readonly disk: readonly SceneObject[];
  readonly network: readonly SceneObject[];
  readonly filesystem: readonly SceneObject[];
  readonly temperature: readonly SceneObject[];
  readonly fan: readonly SceneObject[];
  readonly gpu: readonly SceneObject[];
}

type Kind = keyof SceneObjects;
const KINDS: readonly Kind[] = ['core', 'disk', 'network', 'filesystem', 'temperature', 'fan', 'gpu'];

interface Parsed {
  readonly kind: Kind;
  readonly name: string;
  readonly metric: string;
}

/** Ids come again at each moment: each is taken apart once. Bounded, since what a remote machine names has no end. */
const parsed = new Map<string, Parsed | null>();
const MOST_IDS = 20_000;

function parse(id: string): Parsed | null {
  const known = parsed.get(id);
  if (known !== undefined) return known;
  const first = id.indexOf('.');
  const last = id.lastIndexOf('.');
  const kind = first > 0 && last > first ? KINDS.find((one) => one === id.slice(0, first)) : undefined;
  const made = kind === undefined ? null : { kind, name: id.slice(first + 1, last), metric: id.slice(last + 1) };
  if (parsed.size >= MOST_IDS) parsed.clear();
  parsed.set(id, made);
  return made;
}

const madeOf = new WeakMap<Scene['values'], SceneObjects>();

/** The cores, disks, interfaces, file systems, sensors and cards that a moment has series of; found once a moment. */
export function objectsOf({ values }: Pick<Scene, 'values'>): SceneObjects {
  const known = madeOf.get(values);
  if (known) return known;
  const found = new Map(KINDS.map((kind) => [kind, new Map<string, Record<string, string>>()]));
  for (const id of values.keys()) {
    const parts = parse(id);
    if (parts === null) continue;
    const objects = found.get(parts.kind)!;
    let ids = objects.get(parts.name);
    if (!ids) objects.set(parts.name, (ids = {}));
    ids[parts.metric] = id;
  }
  const listed = Object.fromEntries(KINDS.map((kind) => [kind, Array.from(found.get(kind)!, ([name, ids]) => ({ name, ids }))])) as Record<
    Kind,
    SceneObject[]
  >;
  listed.core.sort((a, b) => Number(a.name) - Number(b.name));
  madeOf.set(values, listed);
  return listed;
}

/** The value of an object's series at this moment; null when it is not known. */
export function valueOf({ values }: Pick<Scene, 'values'>, { ids }: SceneObject, metric: string): number | null {
  const id = ids[metric];
  const value = id === undefined ? undefined : values.get(id);
  return value === undefined || value === null || !Number.isFinite(value) ? null : value;
}
