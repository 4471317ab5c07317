/** Escape sequences that colour a terminal; NO_COLOR does not reach what wrangler frames. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with ESC.
const COLOURS = /\u001b\[[0-9;]*m/g;
/** What wrangler draws around and before a message. */
const FRAME = /[\u2500-\u257f\u25b2\u2718]/g;
const LEVEL = /^\[(WARNING|ERROR)\]\s*/;
/** workerd's notes to its own makers, and wrangler's that it fires no crons by itself: the start script does. */
const NOISE = /NOSENTRY|Scheduled Workers are not|manually trigger a scheduled|local\/scheduled|cron-triggers/;

/** A line of a worker as one looks at it: bare, a warning of ours as its JSON alone. Null: nobody needs it. */
export function workerLine(line: string): string | null {
  if (NOISE.test(line)) return null;
  const bare = line.replace(COLOURS, "").replace(FRAME, "").trim();
  if (bare === "") return null;
  const level = LEVEL.exec(bare)?.[1];
  const text = bare.replace(LEVEL, "");
  return level === undefined || (level === "WARNING" && text.startsWith("{"))
    ? text
    : `${level.toLowerCase()}: ${text}`;
}
