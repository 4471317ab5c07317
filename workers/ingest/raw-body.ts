export type BytesRead = { ok: true; bytes: Uint8Array } | { ok: false; because: "too_large" | "bad_encoding" };

/** All bytes of a stream, or nothing of one that has more. */
export async function bytesOf(stream: ReadableStream<Uint8Array> | null, bytesMax: number): Promise<BytesRead> {
  const parts: Uint8Array[] = [];
  let count = 0;
  const reader = stream?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) return { ok: true, bytes: new Uint8Array(Buffer.concat(parts)) };
    count += value.length;
    if (count > bytesMax) {
      reader?.cancel().catch(() => {});
      return { ok: false, because: "too_large" };
    }
    parts.push(value);
  }
}

/** What stands in a body under its Content-Encoding. The cap holds while it expands, so that no small archive becomes large. */
export async function expanded(bytes: Uint8Array, encoding: string, bytesMax: number): Promise<BytesRead> {
  const name = encoding.trim().toLowerCase();
  if (name === "" || name === "identity") return { ok: true, bytes };
  if (name !== "gzip" && name !== "x-gzip") return { ok: false, because: "bad_encoding" };
  try {
    const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    return await bytesOf(source.pipeThrough(new DecompressionStream("gzip")), bytesMax);
  } catch {
    return { ok: false, because: "bad_encoding" };
  }
}
