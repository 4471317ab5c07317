/** What happens in a seed: who pays what and by which roads, and what breaks when. Plain data, so that a red seed can be made shorter. */

import type { Vendor } from "../../src/domain/vendor.ts";
import { type Draw, drawFrom } from "../faults/seeded.ts";
import { SampleTill } from "../samples.ts";
import type { SetBack } from "./set-back.ts";

const MINUTE_MS = 60_000;
export const ACCOUNTS = ["0101MAK", "0102MAK", "0103MAK", "0104MAK", "0105MAK"] as const;
/** Of the sites whose meters and wallets are on a vendor's platform: two of Koios's, two of ThunderCloud's. */
export const AT_VENDOR = ["0101MAS", "0102MAS", "0101SHG", "0102SHG"] as const;
/** By site. */
export const VENDOR_OF: Record<string, Vendor> = { MAS: "koios", SHG: "thundercloud" };
/** Null: its meter is one of ours. */
export const vendorOf = (account: string): Vendor | null => VENDOR_OF[account.slice(4)] ?? null;
export const PAYERS = [...ACCOUNTS, ...AT_VENDOR] as const;
/** Who owes something beside energy; `isLit`: has light all the same, where half of a payment is the debt's. */
export const INDEBTED = [
  { account: "0102MAK", owes: "advance", isLit: true },
  { account: "0103MAK", owes: "plan", isLit: true },
  { account: "0104MAK", owes: "fee", isLit: false },
  { account: "0105MAK", owes: "fee", isLit: true },
  { account: "0101MAS", owes: "fee", isLit: true },
  { account: "0101SHG", owes: "fee", isLit: true },
] as const;
export const PHONES = ["sim-a", "sim-b", "sim-c"] as const;
const PAYMENTS_PER_HOUR = 20;
const BREAKS_PER_HOUR = 12;
/** Of a short seed too: what happens at once is worth more than what happens seldom. */
const PAYMENTS_MIN = 6;
const BREAKS_MIN = 6;
/** From this length on deeds are as late as they are said to be. */
const LATE_AS_SAID_MINUTES = 20;
const BREAK_MS_MAX = 25 * MINUTE_MS;
/** A vendor is asked some minutes after a payment, when a phone has woken, and not for long: a shorter break seldom meets a request. */
const VENDOR_BREAK_MS_MIN = 5 * MINUTE_MS;
/** Amounts of a seed differ, so that none is taken for another's twin. */
const AMOUNT_MIN = 1_100;
const AMOUNT_STEP = 130;

/** Objects die more often than whole processes. */
export const BREAKS = [
  "crash",
  "kill",
  "kill",
  "kill",
  "down",
  "lost answer",
  "meters",
  "old",
  "disks",
  "answers",
  "answers",
  "queue loses",
  "queue repeats",
  "cut",
  "clocks",
  "releases",
  "koios",
  "thundercloud",
  "alarms",
] as const;
/** What may break, by name; which of them struck is counted. */
export type Fault = (typeof BREAKS)[number] | "set back";
export const FAULTS: readonly Fault[] = [...new Set<Fault>([...BREAKS, "set back"])];

/** The share of seeds in which PostgreSQL is set back once. */
const SET_BACK = 0.02;
const DOWN_MS_MAX = MINUTE_MS;
/** It is up again before somebody has run what the manual says. */
const UNAWARE_MS_MAX = 3 * MINUTE_MS;

/** The share of texts of which the phone gets the beginning alone; another phone then has the whole. */
const TRUNCATED = 0.15;
/** So much later than the first a second person acts on what both have seen. */
const RIVAL_MS_MAX = 30_000;
/** Every fourth within 120 ms: later the database knows of the first one, and says so too. */
const RIVAL_SOON = 4;
/** So long after it was given, with time for a wallet to have it. */
const MOVED_MS_MAX = 40 * MINUTE_MS;
const READING_EVERY_MS = 8 * MINUTE_MS;
/** The share of readings whose meter's clock is wrong, and by how many days at most. */
const WRONG_CLOCK = 0.1;
const WRONG_DAYS_MAX = 400;
const DAY_MS = 1_440 * MINUTE_MS;
/** What each account's meter counts in an hour, in Wh. */
const USES_WH = [120, 300, 40, 450, 80] as const;
/** What a meter had counted before anything happens. */
export const FIRST_WH = 100_000;

/** What the meter of an account has counted `at` ms after the beginning. */
export const registerAt = (meter: number, at: number) =>
  FIRST_WH + Math.floor(((USES_WH[meter] ?? 0) * at) / (60 * MINUTE_MS));

/** Somebody else, to whom it is given so much later. */
export type Later = { account: string; after: number };
export type Deed =
  | {
      what: "payment";
      at: number;
      receipt: string;
      account: string | null;
      amountMinor: number;
      text: { from: string; content: string };
      /** When each phone that has it gets it, and how many characters of it, where that is not all. */
      phones: { phone: number; after: number; chars: number | null }[];
    }
  | {
      what: "reading";
      at: number;
      meter: number;
      registerWh: number;
      /** How wrong the meter's clock is. */
      skewMs: number;
      /** When the bridge sends it, and again, from when it was read. */
      sent: number[];
    }
  | { what: "webhook"; at: number; receipt: string; account: string; amountMinor: number; isProvider: boolean }
  | {
      what: "assign";
      at: number;
      receipt: string;
      account: string;
      /** By another person who has looked at the same receipt when the first one did. */
      rival: Later | null;
      /** By one who looks anew once it is given: whoever has it first is at a vendor, and loses it again. */
      moved: Later | null;
    }
  | { what: "crash"; at: number }
  | {
      what: "kill";
      at: number;
      binding: "MAILBOX" | "RECEIPT_BOOK" | "TILL" | "ACCOUNT_LEDGER" | "DIRECTORY";
      nth: number;
    }
  | { what: "database"; at: number; mode: "down" | "lost answer"; ms: number }
  /** What was written in `ms` from `at` on is gone. */
  | ({ what: "set back"; at: number } & SetBack)
  | {
      what: Exclude<Fault, "crash" | "kill" | "down" | "lost answer" | "set back">;
      at: number;
      share: number;
      ms: number;
    };

/** The deeds of a seed in the order in which they happen; `at` from the beginning, ms. */
export function drawPlan(seed: number, minutes: number, startAt: number): Deed[] {
  const draw = drawFrom(seed * 7_919 + 5);
  const span = minutes * MINUTE_MS;
  const hours = minutes / 60;
  // Who is late in a short seed is late by less: it would else be one long wait for the last of them.
  const late = Math.min(1, minutes / LATE_AS_SAID_MINUTES);
  const upTo = (ms: number) => draw.below(Math.ceil(ms * late));
  const till = new SampleTill({ operator: "mpesa", seed });
  const deeds: Deed[] = [];
  // In the order in which the operator printed them: each text carries the balance after it.
  const times = Array.from({ length: Math.max(PAYMENTS_MIN, Math.round(hours * PAYMENTS_PER_HOUR)) }, () =>
    draw.below(span),
  ).sort((a, b) => a - b);
  for (const [index, at] of times.entries()) {
    const account = draw.chance(0.15) ? null : draw.pick(PAYERS);
    const amountMinor = AMOUNT_MIN + AMOUNT_STEP * index;
    const { sms, payment } = till.pay({ account, amountMinor, at: startAt + at });
    const { receipt } = payment;
    const phones = draw
      .shuffle([0, 1, 2])
      .slice(0, 1 + draw.below(3))
      .map((phone, nth) => ({
        phone,
        after: upTo(10 * MINUTE_MS),
        chars: nth > 0 && draw.chance(TRUNCATED) ? draw.below(sms.content.length) : null,
      }));
    deeds.push({ what: "payment", at, receipt, account, amountMinor, text: sms, phones });
    if (account !== null && draw.chance(0.25))
      deeds.push({
        what: "webhook",
        at: at + upTo(20 * MINUTE_MS),
        receipt,
        account,
        amountMinor,
        isProvider: draw.chance(0.5),
      });
    if (account === null && draw.chance(0.7))
      deeds.push({
        what: "assign",
        at: at + 2 * MINUTE_MS + upTo(20 * MINUTE_MS),
        receipt,
        ...drawAssigning(draw, upTo),
      });
  }
  for (const meter of ACCOUNTS.keys())
    for (let at = draw.below(READING_EVERY_MS); at < span; at += 1 + draw.below(2 * READING_EVERY_MS)) {
      const wrong = Math.round(draw.next() * WRONG_DAYS_MAX * DAY_MS);
      // An hour ahead is taken as it is said.
      const skewMs = !draw.chance(WRONG_CLOCK) ? 0 : draw.chance(0.5) ? -wrong : wrong + 2 * 60 * MINUTE_MS;
      const sent = Array.from({ length: 1 + draw.below(3) }, () => upTo(15 * MINUTE_MS));
      deeds.push({ what: "reading", at, meter, registerWh: registerAt(meter, at), skewMs, sent });
    }
  for (let n = Math.max(BREAKS_MIN, Math.round(hours * BREAKS_PER_HOUR)); n > 0; n--) {
    const at = draw.below(span);
    const ms = 10_000 + draw.below(Math.min(span / 2, BREAK_MS_MAX));
    const share = 0.2 + draw.below(80) / 100;
    const what = draw.pick(BREAKS);
    if (what === "crash") deeds.push({ what, at });
    else if (what === "kill")
      deeds.push({
        what,
        at,
        binding: draw.pick(["MAILBOX", "RECEIPT_BOOK", "TILL", "ACCOUNT_LEDGER", "DIRECTORY"]),
        nth: draw.below(1_000),
      });
    else if (what === "down" || what === "lost answer") deeds.push({ what: "database", at, mode: what, ms });
    else if (what === "koios" || what === "thundercloud")
      deeds.push({ what, at: askedFrom(deeds, at, what), share, ms: Math.max(ms, VENDOR_BREAK_MS_MIN) });
    else deeds.push({ what, at, share, ms });
  }
  return [...deeds, ...drawSetBack(seed, span)].sort((a, b) => a.at - b.at);
}

/** By a draw of its own: seeds in which it does not happen are what they would be without it. */
function drawSetBack(seed: number, span: number): Deed[] {
  const draw = drawFrom(seed * 7_919 + 11);
  if (!draw.chance(SET_BACK)) return [];
  const at = draw.below(span);
  const ms = 10_000 + draw.below(Math.min(span / 2, BREAK_MS_MAX));
  return [{ what: "set back", at, ms, downMs: draw.below(DOWN_MS_MAX), unawareMs: draw.below(UNAWARE_MS_MAX) }];
}

/** When the first phone gets the next payment from `at` on of somebody at the vendor, or the last one; `at` where nobody pays there. */
function askedFrom(deeds: readonly Deed[], at: number, vendor: Vendor): number {
  const times = deeds.flatMap((deed) =>
    deed.what === "payment" && deed.account !== null && vendorOf(deed.account) === vendor
      ? [deed.at + Math.min(...deed.phones.map(({ after }) => after))]
      : [],
  );
  return times.find((each) => each >= at) ?? times.at(-1) ?? at;
}

type Assigning = Pick<Extract<Deed, { what: "assign" }>, "account" | "rival" | "moved">;

function drawAssigning(draw: Draw, upTo: (ms: number) => number): Assigning {
  const [account, other] = draw.shuffle([...PAYERS]) as [string, string];
  const how = draw.pick(["once", "rival", "moved"] as const);
  if (how === "rival") {
    const after = Math.floor(RIVAL_MS_MAX * draw.next() ** RIVAL_SOON);
    return { account, rival: { account: other, after }, moved: null };
  }
  if (how === "once") return { account, rival: null, moved: null };
  const first = draw.pick(AT_VENDOR);
  const moved = { account: first === other ? account : other, after: upTo(MOVED_MS_MAX) };
  return { account: first, rival: null, moved };
}

/** A deed in a line of a story. */
export function sayDeed(deed: Deed): string {
  const at = new Date(deed.at).toISOString().slice(11, 19);
  switch (deed.what) {
    case "payment":
      return `${at} ${deed.receipt}: ${deed.amountMinor} for ${deed.account ?? "nobody named"}, at ${deed.phones.map(({ phone, after, chars }) => `${PHONES[phone]} +${Math.round(after / 1_000)} s${chars === null ? "" : `, ${chars} characters of it`}`).join(", ")}`;
    case "webhook":
      return `${at} webhook of ${deed.receipt} for ${deed.account}${deed.isProvider ? ", the provider's own" : ""}`;
    case "assign":
      return `${at} a person gives ${deed.receipt} to ${deed.account}${deed.rival === null ? "" : `, and ${Math.round(deed.rival.after / 1_000)} s later another one to ${deed.rival.account}`}${deed.moved === null ? "" : `, and ${Math.round(deed.moved.after / 1_000)} s after that to ${deed.moved.account}`}`;
    case "reading":
      return `${at} the meter of ${ACCOUNTS[deed.meter]} stands at ${deed.registerWh} Wh${deed.skewMs === 0 ? "" : `, by its clock ${(deed.skewMs / DAY_MS).toFixed(1)} days off`}, told ${deed.sent.map((after) => `+${Math.round(after / 1_000)} s`).join(", ")}`;
    case "crash":
      return `${at} the process is killed`;
    case "kill":
      return `${at} an object of ${deed.binding} dies`;
    case "set back":
      return `${at} is what the database is set back to ${Math.round(deed.ms / 1_000)} s later; gone for ${Math.round(deed.downMs / 1_000)} s, and numbers jump ${Math.round(deed.unawareMs / 1_000)} s after it`;
    case "database":
      return `${at} the database: ${deed.mode}, ${Math.round(deed.ms / 1_000)} s`;
    default:
      return `${at} ${deed.what}: ${Math.round(deed.share * 100)} % for ${Math.round(deed.ms / 1_000)} s`;
  }
}
