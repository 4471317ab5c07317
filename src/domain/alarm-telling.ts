import { ALARM_RULES, type AlarmName, type AlarmState, type AlarmTold } from "./alarm.ts";

const MINUTE_MS = 60_000;

/** What the person on call is told of one alarm: `id` is the same however often it is sent. */
export type AlarmTelling = {
  id: string;
  name: AlarmName;
  what: "raised" | "cleared";
  /** Why a raise is told again; null: it is not. Missing: of a release that told each once. */
  again?: "more" | "reminder" | null;
  value: number | null;
  subject: string | null;
  /** Since when it was or is raised. */
  raisedAt: number;
  at: number;
  /** The phone to which an SMS of it was given, by way; missing: none was. */
  via?: Readonly<Record<string, string>>;
};

/** A telling, and by which ways it has gone; `waits`: those by which it has not. */
export type KeptTelling = AlarmTelling & { toldBy: string[]; waits: string[] };

/** `fresh`: what it is about that was not told before, and is named first. */
export function tellingOf(
  told: AlarmTold,
  state: Pick<AlarmState, "name" | "value" | "subject">,
  raisedAt: number,
  at: number,
  fresh: readonly string[] = [],
): AlarmTelling {
  const again = told === "more" || told === "reminder" ? told : null;
  const what = told === "cleared" ? "cleared" : "raised";
  const id = `alarm-${state.name}-${raisedAt}-${what}${again === null ? "" : `-${at}`}`;
  const subject = again === "more" && fresh.length > 0 ? named(fresh) : state.subject;
  return { id, name: state.name, what, again, value: state.value, subject, raisedAt, at };
}

/** Ids that one telling names. */
const NAMED_MAX = 5;

/** The first few, and how many more there are. */
export const named = (subjects: readonly string[]): string =>
  [...subjects.slice(0, NAMED_MAX), ...(subjects.length > NAMED_MAX ? [`+${subjects.length - NAMED_MAX}`] : [])].join(
    ", ",
  );

/** What a value says: a count as it is, an age in the largest unit of which there are two. */
export function valueText(name: AlarmName, value: number | null): string {
  if (value === null) return "?";
  if (ALARM_RULES[name].measure === "count") return String(value);
  const minutes = Math.floor(value / MINUTE_MS);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} d`;
}

const SMS_CHARS_MAX = 160;

const HEADS = { more: "ALARM, more", reminder: "ALARM, still" } as const;

/** One SMS of one part, in English as the runbooks are: which country, what, how much, and where to read on. */
export function tellingText({ what, again, name, value, subject }: AlarmTelling, country: string): string {
  const kind = what === "cleared" ? "over" : again == null ? "ALARM" : HEADS[again];
  const head = `1PWR ${country} ${kind}: ${name} ${valueText(name, value)}`;
  const about = subject === null || what === "cleared" ? "" : ` (${subject})`;
  const tail = what === "raised" ? ". Runbook: operations.md" : ".";
  return `${head}${about.slice(0, SMS_CHARS_MAX - head.length - tail.length)}${tail}`;
}
