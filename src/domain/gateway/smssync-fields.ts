import { XMLParser } from "fast-xml-parser";

/** The fields of a body, the last value of each key. Only JSON brings values that are not text. */
export type Fields = ReadonlyMap<string, unknown>;

/** Elements within elements: a phone's XML has two levels. */
const XML_DEPTH_MAX = 10;

/**
 * Reads a body as the phone meant it, whatever its content type says: one version labels XML as JSON, and documented
 * tests post multipart. Null when it is none of the four; nothing here throws.
 *
 * The last value of a key wins, because old versions never clear their parameters: each post also carries every
 * SMS before it.
 */
export function readFields(contentType: string, body: Uint8Array): Fields | null {
  const text = new TextDecoder().decode(body);
  const start = text.trimStart();
  const boundary = boundaryOf(contentType, start);
  if (boundary !== null) return multipartFields(text, boundary);
  if (start.startsWith("<")) return xmlFields(start);
  if (start.startsWith("{") || start.startsWith("[")) return jsonFields(start);
  return new Map(new URLSearchParams(text));
}

/** Everything after the first "?". A later "?" is a "&": the phone appends its query to whatever it was given. The first value of a key wins. */
export function readQuery(query: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(query.replaceAll("?", "&")))
    if (!fields.has(key)) fields.set(key, value);
  return fields;
}

function jsonFields(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
    return new Map(Object.entries(value));
  } catch {
    return null;
  }
}

function xmlFields(text: string): Fields | null {
  // No phone declares a document type; without one there are no entities to expand but the five and the numeric ones.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return null;
  const parser = new XMLParser({
    ignoreDeclaration: true,
    ignorePiTags: true,
    parseTagValue: false,
    trimValues: false,
    htmlEntities: true,
    maxNestedTags: XML_DEPTH_MAX,
  });
  try {
    const document: unknown = parser.parse(text, true);
    const [root] = Object.values(Object(document));
    if (typeof root !== "object" || root === null || Array.isArray(root)) return new Map();
    return new Map(Object.entries(root).map(([key, value]) => [key, Array.isArray(value) ? value.at(-1) : value]));
  } catch {
    return null;
  }
}

function boundaryOf(contentType: string, start: string): string | null {
  const named = /^\s*multipart\/form-data\b.*?\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (named) return named[1] ?? named[2] ?? null;
  return /^--([^\s=&]{1,70})\r?\n/.exec(start)?.[1] ?? null;
}

/** Null when the last boundary never came: a body that was cut short must be sent again, not stored in part. */
function multipartFields(text: string, boundary: string): Fields | null {
  const fields = new Map<string, string>();
  for (const piece of `\n${text}`.split(`\n--${boundary}`).slice(1)) {
    if (piece.startsWith("--")) return fields;
    const part = /^[ \t]*\r?\n((?:[^\r\n]+\r?\n)*)\r?\n([\s\S]*)$/.exec(piece);
    const name = /^content-disposition:.*?[;\s]name="?([^";\r\n]*)/im.exec(part?.[1] ?? "")?.[1];
    if (name !== undefined) fields.set(name, (part?.[2] ?? "").replace(/\r$/, ""));
  }
  return null;
}
