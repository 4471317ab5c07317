/** What the move needs beside the file itself, which sits in memory whole. */
export const BESIDE_THE_FILE_BYTES = 500 * 1024 * 1024;

/** Null when there is room; else what to tell the person, in whole megabytes. */
export function whyTooSmall(fileBytes: number, availableBytes: number): string | null {
  const needed = fileBytes + BESIDE_THE_FILE_BYTES;
  if (availableBytes >= needed) return null;
  const mb = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;
  return `this machine has ${mb(availableBytes)} of memory free and the move needs ${mb(needed)}: the file of ${mb(fileBytes)} sits in memory whole, with ${mb(BESIDE_THE_FILE_BYTES)} beside it. Close other programs, or move in from a larger machine`;
}
