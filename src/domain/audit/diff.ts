/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** One field that differs; undefined where one side has no such field. */
export type FieldChange = { field: string; before: Json | undefined; after: Json | undefined };

const SECRET = /password|secret|token|totp|recovery|private_?key/i;
const REDACTED = "[redacted]";

/** What is named like a secret is not shown, at any depth: more people read the audit than may know it. */
export function redacted(value: Json): Json {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && inner !== null ? REDACTED : redacted(inner),
    ]),
  );
}

/** Field by field, in the order of their names; objects within objects by path ("customer.phones"), lists as a whole. */
export function fieldChanges(before: Json, after: Json, path = ""): FieldChange[] {
  if (!isObject(before) && !isObject(after)) {
    return sameJson(before, after) ? [] : [{ field: path, before, after }];
  }
  if (path !== "" && (!isObject(before) || !isObject(after))) return [{ field: path, before, after }];
  const was = isObject(before) ? before : {};
  const is = isObject(after) ? after : {};
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted().flatMap((name) => {
    const field = path === "" ? name : `${path}.${name}`;
    const [from, to] = [was[name], is[name]];
    if (from === undefined || to === undefined) return [{ field, before: from, after: to }];
    return fieldChanges(from, to, field);
  });
}

const isObject = (value: Json): value is { [name: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whatever the order of their fields. */
export function sameJson(one: Json, other: Json): boolean {
  if (Array.isArray(one))
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, i) => sameJson(item, other[i] ?? null))
    );
  if (!isObject(one) || !isObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && sameJson(one[name] ?? null, other[name] ?? null))
  );
}
