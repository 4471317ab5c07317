import { createHash } from "node:crypto";

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

export const hasLoneSurrogate = (text: string) => LONE_SURROGATE.test(text);

/** A text as PostgreSQL can hold it: U+0000 and lone surrogates become U+FFFD. The exact text goes beside it. */
export const storedText = (text: string) => text.toWellFormed().replaceAll("\u0000", "\uFFFD");

/**
 * The exact text as bytes: UTF-8, in which a lone surrogate keeps its own three bytes (ED A0 80 … ED BF BF, "WTF-8"),
 * so that two texts which differ only there stay two texts.
 */
export function rawBytes(text: string): Uint8Array {
  if (!hasLoneSurrogate(text)) return new TextEncoder().encode(text);
  const parts: Uint8Array[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) parts.push(new TextEncoder().encode(char));
    else parts.push(Uint8Array.of(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)));
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What makes two SMS of one id the same SMS: SHA-256 (hex) over sender, NUL, content, as exact bytes. */
export const contentHash = (sender: string, content: string) =>
  createHash("sha256").update(rawBytes(sender)).update("\u0000").update(rawBytes(content)).digest("hex");
