import type { CreditRow } from "../src/queries/vendor-credits.ts";
import { MIRROR_PAGES_MAX, type MirrorPage, type MirrorStep } from "../src/services/mirror-payments.ts";
import { type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";
import { clearLine, progressLine } from "./progress-line.ts";

/** A year of a large country, by pages of 200. */
const PAGES_MAX = 1_000;

type Listed = CreditRow & { ageSeconds: number };
type Page = { summary: Record<string, number>; credits: Listed[]; next: string | null };

/** Every credit asked for, and how many stand in each state. */
export async function credits(door: Door, flags: Flags) {
  const asked = new URLSearchParams();
  for (const name of ["state", "account"]) if (flags[name] !== undefined) asked.set(name, flags[name]);
  let shown = 0;
  for (let n = 0; n < PAGES_MAX; n++) {
    const page = await call<Page>(door, "GET", `/vendor-credits?${asked}`);
    if (n === 0) console.log(summaryLine(page.summary));
    for (const credit of page.credits) console.log(creditLine(credit));
    shown += page.credits.length;
    if (page.next === null) break;
    asked.set("cursor", page.next);
  }
  if (shown === 0) console.log(flags.state === undefined ? "nothing waits: every wallet has what was paid" : "none");
}

export const summaryLine = (summary: Record<string, number>): string =>
  Object.keys(summary).length === 0
    ? "no credit was ever owed to a vendor"
    : Object.entries(summary)
        .map(([state, count]) => `${state} ${count}`)
        .join("  ");

export function creditLine({
  externalId,
  account,
  vendor,
  amountMinor,
  currency,
  state,
  because,
  ...rest
}: Listed): string {
  const { attempts, ageSeconds, error, vendorId, sentAs } = rest;
  const why = because === null ? state : `${state}, ${because}`;
  const tried = attempts === 0 ? "" : `  ${attempts} ${attempts === 1 ? "try" : "tries"}`;
  const there = vendorId === null ? "" : `  there ${vendorId}`;
  const spelled = sentAs === null ? "" : `, there as ${sentAs}`;
  return `${account}  ${amountMinor} ${currency}  ${vendor}  ${why}  ${ageOf(ageSeconds)}${tried}${there}  ${externalId}${spelled}${error === null ? "" : `  ${error}`}`;
}

const ageOf = (seconds: number) =>
  seconds < 120
    ? `${seconds} s`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3_600)} h`;

export async function takeInHand(door: Door, flags: Flags, how: "retry" | "settle") {
  const body = { account: need(flags, "account"), externalId: need(flags, "id"), reason: need(flags, "reason") };
  const done = await call(door, "POST", `/vendor-credits/${how}`, body, need(flags, "actor"));
  console.log(JSON.stringify(done, null, 2));
}

/** Page after page; what came of the payments it read. */
export async function mirror(door: Door, flags: Flags) {
  const vendor = need(flags, "vendor");
  const draw = progressLine();
  let page: MirrorPage | null = null;
  for (let n = 0; n < MIRROR_PAGES_MAX; n++) {
    const body: object = { vendor, from: flags.from ?? null, page };
    const step: Exclude<MirrorStep, { status: "not_ready" }> = await call(
      door,
      "POST",
      "/vendors/mirror",
      body,
      need(flags, "actor"),
    );
    if (step.status === "next") {
      page = step.page;
      draw(() => `page ${n + 1} of ${vendor}`);
      continue;
    }
    clearLine();
    const counts = Object.entries(step.counts).map(([word, count]) => `${word} ${count}`);
    console.log(counts.length === 0 ? "nothing new" : counts.join("  "));
    if (step.status === "refused")
      throw new Error(`${vendor} stopped: ${step.refusal.refused}, ${step.refusal.detail}`);
    return;
  }
}
