import type { InferResponseType } from "hono/client";
import { type Answer, api, ask, type Trouble } from "../../api.ts";
import { confirm } from "../../parts/dialog.tsx";
import { t } from "../../shell/words.ts";
import { type SplitPart, sharesAfter } from "./model.ts";

export type ReceiptState = InferResponseType<ReturnType<typeof api>["receipts"][":receipt"]["$get"], 200>;
export type Suspense = InferResponseType<ReturnType<typeof api>["suspense"]["$get"], 200>;
export type SuspenseCase = Suspense["cases"][number];
export type Hint = InferResponseType<ReturnType<typeof api>["suspense"]["hints"]["$get"], 200>["hints"][number];

/** What says "in a moment": the receipt's last change is still on its way. */
const SOON: ReadonlySet<string> = new Set(["not_recorded", "moving", "not_ready"]);
const TRIES_MAX = 10;
const PAUSE_MS = 700;

async function patiently<T>(call: () => Promise<Answer<T>>): Promise<Answer<T>> {
  for (let turn = 1; ; turn++) {
    const answer = await call();
    if (answer.ok || turn >= TRIES_MAX || !SOON.has(answer.trouble.kind)) return answer;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}

export const stateOf = (receipt: string) => ask(api().receipts[":receipt"].$get({ param: { receipt } }));

/** A person has looked: no money came with this text. */
export const dismissText = (caseKey: string, reason: string) =>
  ask(api().suspense["dismiss-text"].$post({ json: { caseKey, reason } }));

/**
 * One move, if the receipt is still in this generation; who was quicker is in the trouble's details. Where the account has paid back
 * some of it, the person is asked before it is owed.
 */
export const move = async (receipt: string, expectedGeneration: number, shares: SplitPart[], reason: string) => {
  const send = (force: boolean) => {
    const json = { expectedGeneration, shares, reason, force };
    return patiently(() => ask(api().receipts[":receipt"].move.$post({ param: { receipt }, json })));
  };
  const first = await send(false);
  const isPaidBack = !first.ok && first.trouble.kind === "unallocated_paid_back";
  const meant =
    isPaidBack && (await confirm({ title: t("paid_back_ask"), body: t("paid_back_means"), tone: "danger" }));
  const answer = meant ? await send(true) : first;
  return answer.ok ? { ok: true as const, value: answer.value.receipt } : answer;
};

/** Gives one share to others, and leaves the rest of the receipt where it is. */
export async function moveShare(
  of: { receipt: string; generation: number; share: number },
  parts: SplitPart[],
  reason: string,
): Promise<Answer<ReceiptState>> {
  const state = await stateOf(of.receipt);
  if (!state.ok) return state;
  if (state.value.generation !== of.generation)
    return { ok: false, trouble: { ...STALE, details: state.value } satisfies Trouble };
  return move(of.receipt, of.generation, sharesAfter(state.value.shares, of.share, parts), reason);
}

const STALE: Trouble = { status: 409, kind: "stale", message: "", details: null, fields: {} };

/** Whose the money is now, from a refusal that says so. */
export const presentHolder = ({ details }: Trouble): ReceiptState | null =>
  typeof details === "object" && details !== null && "shares" in details ? (details as ReceiptState) : null;

/** "0045MAK 12.00, treasury 3.00" */
export const holderWords = (state: ReceiptState, kind: (kind: string) => string, cash: (minor: number) => string) =>
  state.shares
    .map(({ holder, amountMinor }) => ({
      who: holder.kind === "account" ? holder.account : kind(holder.kind),
      amount: cash(amountMinor),
    }))
    .map(({ who, amount }) => (state.shares.length === 1 ? who : `${who} ${amount}`))
    .join(", ");
