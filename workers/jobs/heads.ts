import { log } from "../../src/ports/log.ts";
import type { Env } from "../env.ts";
import { clockOf, copiesOf } from "../ports.ts";
import { compareAccounts } from "./heads-accounts.ts";
import { dayAfter, dayOf, isDay } from "./heads-days.ts";
import { casesOf, type HeadsPage, type HeadsPart } from "./heads-difference.ts";
import { tellGate } from "./heads-gate.ts";
import { comparePhones } from "./heads-phones.ts";
import { compareShards } from "./heads-shards.ts";
import { compareTills } from "./heads-tills.ts";
import { compareUnregistered } from "./heads-unregistered.ts";
import type { Job } from "./job.ts";

/** A Mailbox has its rows for as long as its country says (`mailboxDays`); claims are compared further back, as far as a person may want to look. */
const DAYS_MAX = 92;
const DAY_MS = 86_400_000;

type Order = { since: number | null; cursor: string | null };
type Stage =
  | { stage: "accounts"; after: string }
  | { stage: "receipts" | "sms"; day: string }
  | { stage: "unregistered"; after: string }
  | { stage: "tills" }
  | { stage: "gate" };

/**
 * One unit of the comparison of every object with Postgres: a page of accounts, then a day of all shards of receipts, day
 * by day, then a day of all phones, day by day, then a page of accounts that Postgres does not know, then all tills, and last the gate is told anew. What either side lacks is sent again or taken over on the spot. The caller brings the
 * cursor back until it is null. Without `since`: yesterday and today.
 */
export async function compareHeads(env: Env, { since, cursor }: Order): Promise<HeadsPage | "bad_cursor"> {
  const at = stageOf(cursor);
  if (at === null) return "bad_cursor";
  const now = clockOf(env).now();
  const first = dayOf(Math.max(Math.min(since ?? now - DAY_MS, now), now - (DAYS_MAX - 1) * DAY_MS));
  const { part, next } = await unit(env, at, first, now);
  const cases = casesOf(part.differences, now);
  if (cases.length > 0) await copiesOf(env).write(cases);
  return { ...part, next: next === null ? null : cursorOf(next) };
}

async function unit(env: Env, at: Stage, first: string, now: number): Promise<{ part: HeadsPart; next: Stage | null }> {
  if (at.stage === "accounts") {
    const { last, ...part } = await compareAccounts(env, at.after, now);
    return { part, next: last === null ? { stage: "receipts", day: first } : { stage: "accounts", after: last } };
  }
  if (at.stage === "unregistered") {
    const { last, ...part } = await compareUnregistered(env, at.after);
    return { part, next: last === null ? { stage: "tills" } : { stage: "unregistered", after: last } };
  }
  // After the SMS of all days: a till learns from what they were read as.
  if (at.stage === "tills") return { part: await compareTills(env), next: { stage: "gate" } };
  if (at.stage === "gate") return { part: await tellGate(env), next: null };
  const compare = at.stage === "receipts" ? compareShards : comparePhones;
  const part = await compare(env, at.day, now);
  const day = dayAfter(at.day);
  if (day <= dayOf(now)) return { part, next: { ...at, day } };
  return { part, next: at.stage === "receipts" ? { stage: "sms", day: first } : { stage: "unregistered", after: "" } };
}

function cursorOf(at: Stage): string {
  if (at.stage === "unregistered" && at.after === "") return at.stage;
  if ("after" in at) return `${at.stage}:${at.after}`;
  return "day" in at ? `${at.stage}:${at.day}` : at.stage;
}

function stageOf(cursor: string | null): Stage | null {
  if (cursor === null) return { stage: "accounts", after: "" };
  if (cursor === "tills" || cursor === "gate") return { stage: cursor };
  if (cursor === "unregistered") return { stage: cursor, after: "" };
  const [stage, place = "", more] = cursor.split(":");
  if (more !== undefined) return null;
  if ((stage === "accounts" || stage === "unregistered") && /^\d{4}[A-Z]{3}$/.test(place))
    return { stage, after: place };
  return (stage === "receipts" || stage === "sms") && isDay(place) ? { stage, day: place } : null;
}

/** The nightly run, a unit a message. */
export const heads: Job = async (env, page) => {
  const done = await compareHeads(env, { since: null, cursor: typeof page === "string" ? page : null });
  if (done === "bad_cursor") return null;
  for (const { what, name, day, because } of done.differences) log.warn("heads", { what, name, day, because });
  return done.next === null ? null : { next: done.next };
};
