/** What wrangler says that it would upload, in KiB; null: it does not say. */
export function sizeIn(printed: string): { kib: number; gzipKib: number } | null {
  const found = /Total Upload: ([\d.]+) (KiB|MiB) \/ gzip: ([\d.]+) (KiB|MiB)/.exec(printed);
  if (found === null) return null;
  const [, size, unit, gzip, gzipUnit] = found;
  const kib = (value: string | undefined, of: string | undefined) => Number(value) * (of === "MiB" ? 1_024 : 1);
  return { kib: kib(size, unit), gzipKib: kib(gzip, gzipUnit) };
}
