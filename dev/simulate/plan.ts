/** What happens in a seed: who pays what and by which roads, and what breaks when. Plain data, so that a red seed can be made shorter. */
import { drawFrom } from "../faults/seeded.ts";
import { SampleTill } from "../samples.ts";

const MINUTE_MS = 60_000;
export const ACCOUNTS = ["0101MAK", "0102MAK", "0103MAK", "0104MAK", "0105MAK"] as const;
export const PHONES = ["sim-a", "sim-b", "sim-c"] as const;
const PAYMENTS_PER_HOUR = 20;
const BREAKS_PER_HOUR = 12;
/** Amounts of a seed differ, so that none is taken for another's twin. */
const AMOUNT_MIN = 1_100;
const AMOUNT_STEP = 130;

/** Objects die more often than whole processes. */
const BREAKS = [
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
] as const;

export type Deed =
  | {
      what: "payment";
      at: number;
      receipt: string;
      account: string | null;
      amountMinor: number;
      text: { from: string; content: string };
      /** When each phone that has it gets it. */
      phones: { phone: number; after: number }[];
    }
  | { what: "webhook"; at: number; receipt: string; account: string; amountMinor: number; isProvider: boolean }
  | { what: "assign"; at: number; receipt: string; account: string }
  | { what: "crash"; at: number }
  | {
      what: "kill";
      at: number;
      binding: "MAILBOX" | "RECEIPT_BOOK" | "TILL" | "ACCOUNT_LEDGER" | "DIRECTORY";
      nth: number;
    }
  | { what: "database"; at: number; mode: "down" | "lost answer"; ms: number }
  | {
      what: "meters" | "old" | "disks" | "answers" | "queue loses" | "queue repeats";
      at: number;
      share: number;
      ms: number;
    };

/** The deeds of a seed in the order in which they happen; `at` from the beginning, ms. */
export function drawPlan(seed: number, hours: number, startAt: number): Deed[] {
  const draw = drawFrom(seed * 7_919 + 5);
  const span = hours * 60 * MINUTE_MS;
  const till = new SampleTill({ operator: "mpesa", seed });
  const deeds: Deed[] = [];
  // In the order in which the operator printed them: each text carries the balance after it.
  const times = Array.from({ length: Math.max(3, Math.round(hours * PAYMENTS_PER_HOUR)) }, () => draw.below(span)).sort(
    (a, b) => a - b,
  );
  for (const [index, at] of times.entries()) {
    const account = draw.chance(0.15) ? null : draw.pick(ACCOUNTS);
    const amountMinor = AMOUNT_MIN + AMOUNT_STEP * index;
    const { sms, payment } = till.pay({ account, amountMinor, at: startAt + at });
    const { receipt } = payment;
    const phones = draw
      .shuffle([0, 1, 2])
      .slice(0, 1 + draw.below(3))
      .map((phone) => ({ phone, after: draw.below(10 * MINUTE_MS) }));
    deeds.push({ what: "payment", at, receipt, account, amountMinor, text: sms, phones });
    if (account !== null && draw.chance(0.25))
      deeds.push({
        what: "webhook",
        at: at + draw.below(20 * MINUTE_MS),
        receipt,
        account,
        amountMinor,
        isProvider: draw.chance(0.5),
      });
    if (account === null && draw.chance(0.7))
      deeds.push({
        what: "assign",
        at: at + 12 * MINUTE_MS + draw.below(40 * MINUTE_MS),
        receipt,
        account: draw.pick(ACCOUNTS),
      });
  }
  for (let n = Math.round(hours * BREAKS_PER_HOUR); n > 0; n--) {
    const at = draw.below(span);
    const ms = 10_000 + draw.below(25 * MINUTE_MS);
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
    else deeds.push({ what, at, share, ms });
  }
  return deeds.sort((a, b) => a.at - b.at);
}

/** A deed in a line of a story. */
export function sayDeed(deed: Deed): string {
  const at = new Date(deed.at).toISOString().slice(11, 19);
  switch (deed.what) {
    case "payment":
      return `${at} ${deed.receipt}: ${deed.amountMinor} for ${deed.account ?? "nobody named"}, at ${deed.phones.map(({ phone, after }) => `${PHONES[phone]} +${Math.round(after / 1_000)} s`).join(", ")}`;
    case "webhook":
      return `${at} webhook of ${deed.receipt} for ${deed.account}${deed.isProvider ? ", the provider's own" : ""}`;
    case "assign":
      return `${at} a person gives ${deed.receipt} to ${deed.account}`;
    case "crash":
      return `${at} the process is killed`;
    case "kill":
      return `${at} an object of ${deed.binding} dies`;
    case "database":
      return `${at} the database: ${deed.mode}, ${Math.round(deed.ms / 1_000)} s`;
    default:
      return `${at} ${deed.what}: ${Math.round(deed.share * 100)} % for ${Math.round(deed.ms / 1_000)} s`;
  }
}
