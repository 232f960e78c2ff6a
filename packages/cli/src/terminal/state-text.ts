import type { Json } from '@hecate/change';
import { clean, encodeValue } from '@hecate/observe';

/** Keys of which the value is a number of bytes. */
const IS_BYTES = /(?:^|[._])(?:bytes|size|rmem_(?:max|default)|wmem_(?:max|default)|disksize)$|_bytes(?:$|\b)/;

/** How something is, for people, on one line: `60`, `on`, `none`, `ratio 20, bytes 0`, `256 MiB`. `name` is the thing's; it may say the unit. */
export function stateText(state: Json, name: string = ''): string {
  if (state === null) return 'none';
  if (typeof state === 'boolean') return state ? 'on' : 'off';
  if (typeof state === 'number') return valueText(String(state), name);
  if (typeof state === 'string') return valueText(state, name);
  if (Array.isArray(state)) return state.map((entry: Json) => stateText(entry)).join(' ') || 'none';
  return Object.entries(state)
    .map(([key, value]) => `${clean(lastPart(key))} ${stateText(value, key)}`)
    .join(', ');
}

function valueText(value: string, name: string): string {
  if (value === '') return 'empty';
  if (value.trimEnd().includes('\n')) return `${value.trimEnd().split('\n').length} lines`;
  if (IS_BYTES.test(name) && /^\d{5,15}$/.test(value)) return encodeValue(Number(value), 'bytes');
  return clean(value.trim());
}

/** From one state to another: `60 -> 10`. Where both are objects, only what differs. */
export function turnText(was: Json, wanted: Json, name: string = ''): string {
  if (!isTable(was) || !isTable(wanted)) return `${stateText(was, name)} -> ${stateText(wanted, name)}`;
  const keys = [...new Set([...Object.keys(was), ...Object.keys(wanted)])];
  return keys
    .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(wanted[key]))
    .map((key) => `${clean(lastPart(key))} ${stateText(was[key] ?? null, key)} -> ${stateText(wanted[key] ?? null, key)}`)
    .join(', ');
}

/** `dirty_bytes` of `vm.dirty_bytes`: what is before it stands above. */
const lastPart = (key: string): string => key.slice(key.lastIndexOf('.') + 1);

const isTable = (state: Json): state is { readonly [key: string]: Json } =>
  typeof state === 'object' && state !== null && !Array.isArray(state);
