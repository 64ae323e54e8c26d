/*
 * Keys of a configuration as they are typed - `wan.mtu`, `nat.timeouts.udp`, `forwards.smtp.to` - and what lies there in
 * one whose defaults are written out (firmware/config/describe.ts). Pure.
 */

/** A described configuration. */
export type Described = Record<string, unknown>;

/** Lists whose entries have no names: each is one value, and its being there means something even if it is empty. */
const plainLists = ['dns.servers'];

/** What lies at a key; undefined when there is nothing. A forward, or a host, is named by its name. */
export function valueAt(config: Described, key: string): unknown {
  let value: unknown = config;
  for (const word of key.split('.')) {
    if (plainLists.includes(key)) return [[key, JSON.stringify(value)]];
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value)
      ? value.find((entry: { name?: string }) => entry.name === word)
      : Object.hasOwn(value, word)
        ? (value as Described)[word]
        : undefined;
  }
  return value;
}

/** Every key that has a value of its own, with the value, in the order of the document. */
export function flatten(value: unknown, key = ''): [key: string, value: string | number | boolean][] {
  if (plainLists.includes(key)) return [[key, JSON.stringify(value)]];
  if (typeof value !== 'object' || value === null) return [[key, value as string | number | boolean]];
  const members = Array.isArray(value)
    ? value.map((entry: { name: string }) => [entry.name, entry] as const)
    : Object.entries(value);
  return members
    .filter(([name]) => !(name === 'name' && /^(forwards|lan\.dhcp\.hosts)\.[^.]+$/.test(key)))
    .flatMap(([name, member]) => flatten(member, key ? `${key}.${name}` : name));
}

/** A value for people: text without quotes, everything else as JSON. */
export function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
