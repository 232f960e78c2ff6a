/** The part of JSON Schema 2020-12 that our routes use; anything else is an error, so that nothing is believed to be checked that is not. */
const KNOWN = new Set([
  'type',
  'enum',
  'const',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'minLength',
  'maxLength',
  'pattern',
  'anyOf',
  'oneOf',
  'allOf',
  'description',
  'default',
  '$ref',
  'format',
  'examples',
  'title',
]);

type Schema = Readonly<Record<string, unknown>>;

const typeOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'number' && Number.isInteger(value)
        ? 'integer'
        : typeof value;

const fits = (value: unknown, type: string): boolean => typeOf(value) === type || (type === 'number' && typeOf(value) === 'integer');

/** What is wrong with a schema itself, as one path and sentence each. `resolves` says whether a reference leads anywhere. */
export function schemaFaults(schema: unknown, resolves: (ref: string) => boolean, at: string = '#'): string[] {
  if (typeof schema === 'boolean') return [];
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [`${at} is no schema.`];
  const given = schema as Schema;
  const faults = Object.keys(given)
    .filter((key) => !KNOWN.has(key))
    .map((key) => `${at} says ${key}, which is not known here.`);
  const types = ([] as unknown[]).concat(given['type'] ?? []);
  for (const type of types)
    if (!['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'].includes(String(type)))
      faults.push(`${at} has the type ${String(type)}.`);
  if (typeof given['$ref'] === 'string' && !resolves(given['$ref'])) faults.push(`${at} refers to ${given['$ref']}, which is not there.`);
  const required = (given['required'] ?? []) as readonly string[];
  const properties = (given['properties'] ?? {}) as Schema;
  for (const name of required) if (!(name in properties)) faults.push(`${at} requires ${name} without saying what it is.`);
  for (const [name, inner] of Object.entries(properties)) faults.push(...schemaFaults(inner, resolves, `${at}/${name}`));
  for (const key of ['items', 'additionalProperties']) if (key in given) faults.push(...schemaFaults(given[key], resolves, `${at}/${key}`));
  for (const key of ['anyOf', 'oneOf', 'allOf'])
    for (const [index, inner] of ((given[key] ?? []) as unknown[]).entries())
      faults.push(...schemaFaults(inner, resolves, `${at}/${key}/${index}`));
  return faults;
}

/** Where a value is not what a schema says, as one path and sentence each. */
export function valueFaults(value: unknown, schema: Schema | boolean, at: string = '$'): string[] {
  if (schema === true) return [];
  if (schema === false) return [`${at} should not be there.`];
  const faults: string[] = [];
  const types = ([] as string[]).concat((schema['type'] ?? []) as string | string[]);
  if (types.length > 0 && !types.some((type) => fits(value, type))) return [`${at} is ${typeOf(value)}, not ${types.join(' or ')}.`];
  if ('const' in schema && value !== schema['const']) faults.push(`${at} is not ${JSON.stringify(schema['const'])}.`);
  if ('enum' in schema && !(schema['enum'] as unknown[]).includes(value))
    faults.push(`${at} is none of ${JSON.stringify(schema['enum'])}.`);
  if (typeof value === 'number') {
    if (typeof schema['minimum'] === 'number' && value < schema['minimum']) faults.push(`${at} is below ${schema['minimum']}.`);
    if (typeof schema['maximum'] === 'number' && value > schema['maximum']) faults.push(`${at} is above ${schema['maximum']}.`);
  }
  if (typeof value === 'string' && typeof schema['pattern'] === 'string' && !new RegExp(schema['pattern']).test(value))
    faults.push(`${at} does not match ${schema['pattern']}.`);
  for (const [key, all] of [
    ['anyOf', false],
    ['oneOf', false],
    ['allOf', true],
  ] as const) {
    const options = schema[key] as (Schema | boolean)[] | undefined;
    if (!options) continue;
    const results = options.map((option) => valueFaults(value, option, at));
    if (all ? results.some(({ length }) => length > 0) : results.every(({ length }) => length > 0))
      faults.push(`${at} fits no ${key}: ${results.flat().join(' ')}`);
  }
  if (Array.isArray(value) && 'items' in schema)
    faults.push(...value.flatMap((item, index) => valueFaults(item, schema['items'] as Schema | boolean, `${at}[${index}]`)));
  if (typeOf(value) !== 'object') return faults;
  const object = value as Readonly<Record<string, unknown>>;
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema | boolean>>;
  for (const name of (schema['required'] ?? []) as readonly string[]) if (!(name in object)) faults.push(`${at}.${name} is missing.`);
  for (const [name, inner] of Object.entries(object)) {
    const rule = Object.hasOwn(properties, name) ? properties[name] : (schema['additionalProperties'] as Schema | boolean | undefined);
    if (rule !== undefined) faults.push(...valueFaults(inner, rule, `${at}.${name}`));
  }
  return faults;
}
