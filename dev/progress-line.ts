const DRAW_MS = 200;

/** Draws a line over itself, not too often, and only where somebody sees it. */
export function progressLine() {
  let drawnAt = 0;
  return (text: () => string) => {
    if (!process.stderr.isTTY || performance.now() - drawnAt < DRAW_MS) return;
    drawnAt = performance.now();
    process.stderr.write(`\r\u001b[K${text()}`);
  };
}

export function clearLine() {
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
}

/** The end of a command that cannot go on: one sentence, and 1. */
export function fail(thrown: unknown) {
  clearLine();
  console.error(thrown instanceof Error ? thrown.message : String(thrown));
  process.exit(1);
}
