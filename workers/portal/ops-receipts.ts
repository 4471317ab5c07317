import { Hono } from "hono";
import { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import type { Holder, MoveAnswer, MoveRefusal, ReceiptState } from "../../src/domain/claim.ts";
import { UNALLOCATED } from "../../src/domain/fees/debt.ts";
import { paidBackMinor } from "../../src/domain/fees/unallocated.ts";
import { leavingEntries } from "../../src/domain/move-rules.ts";
import { canonicalReceipt } from "../../src/domain/receipt.ts";
import { similarAccounts } from "../../src/domain/similar-account.ts";
import { openSuspense, SUSPENSE_PAGE_MAX, suspenseTotal } from "../../src/queries/suspense.ts";
import { suspenseHints } from "../../src/queries/suspense-hints.ts";
import { type DismissError, dismissText } from "../../src/services/dismiss-text.ts";
import { type TypeReceiptError, typeReceipt } from "../../src/services/type-receipt.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { sha256Hex } from "../keys.ts";
import {
  accountsOf,
  clockOf,
  countryOf,
  readerOf,
  receiptsOf,
  recordedGeneration,
  typeReceiptPortsOf,
} from "../ports.ts";

/** Shares that a move may make of one receipt. */
const SHARES_MAX = 20;

const text = (max: number) =>
  z.string().trim().min(1).max(max).refine(isStorable, "text without U+0000 and lone surrogates");
const minor = z.number().int().positive().max(9_000_000_000_000);
const accountText = text(20).transform((typed, context) => {
  const account = canonicalAccount(typed);
  if (account.ok) return account.value;
  context.addIssue({ code: "custom", message: "4 digits and 3 letters, as 0045MAK" });
  return z.NEVER;
});

const basis = {
  expectedGeneration: z.number().int().positive(),
  reason: text(500),
  /** Moves it although the account has paid back what nothing took of it, and then owes that. */
  force: z.boolean().default(false),
};
const ShareBody = z.discriminatedUnion("to", [
  z.object({ to: z.literal("account"), account: accountText, amountMinor: minor }),
  z.object({ to: z.literal("treasury"), amountMinor: minor }),
  z.object({ to: z.literal("returned"), amountMinor: minor }),
  z.object({ to: z.literal("suspense"), amountMinor: minor }),
]);
const MoveBody = z.object({ ...basis, shares: z.array(ShareBody).min(1).max(SHARES_MAX) });
const AssignBody = z.object({ ...basis, account: accountText });
const WholeBody = z.object(basis);
const ReasonBody = z.object({ reason: text(500) });
const TypedReceiptBody = z.object({
  receipt: text(80),
  account: accountText,
  amountMinor: minor,
  provider: z.enum(["mpesa", "ecocash", "momo"]),
  caseKey: text(200),
});

const REFUSED = {
  unknown_receipt: [404, "no such receipt here"],
  held_by_legacy: [409, "the old books hold this receipt; put old errors right by a correction"],
  shares_do_not_add_up: [422, "the shares must add up to the receipt's amount"],
  too_many_shares: [422, `a receipt has at most ${SHARES_MAX} shares`],
  share_not_positive: [422, "each share must be positive"],
  blocked_by_reversal: [409, "the operator reversed this receipt; close that case first"],
  same_person: [403, "a second person has to decide this one"],
  moving: [409, "an earlier move of this receipt has not ended yet; try again in a moment"],
} as const satisfies Record<MoveRefusal, readonly [403 | 404 | 409 | 422, string]>;

const NOT_TYPED = {
  unknown_case: [404, "no text without a receipt waits under this key"],
  case_taken: [409, "another receipt was typed for this text"],
  amount_not_of_text: [422, "check amountMinor: the text states another amount"],
  amount_differs: [409, "this receipt is known with another amount; nothing was moved"],
  held_by_another: [409, "this receipt is held by another account; nothing was moved"],
  not_ready: [503, "not ready yet; send the same again"],
} as const satisfies Record<TypeReceiptError["kind"], readonly [404 | 409 | 422 | 503, string]>;

const DismissBody = z.object({ caseKey: text(200), reason: text(500) });

const NOT_DISMISSED = {
  unknown_case: [404, "no text waits under this key"],
  case_taken: [409, "a receipt was typed for this text"],
} as const satisfies Record<DismissError["kind"], readonly [404 | 409, string]>;

type C = Parameters<typeof fail>[0];

function answerMove(c: C, answer: MoveAnswer) {
  switch (answer.status) {
    case "moved":
      return c.json({ status: "moved", receipt: answer.state });
    case "stale":
      return fail(c, 409, "stale", "somebody moved it before you; look at the present holder", answer.state);
    case "refused": {
      const [status, message] = REFUSED[answer.because];
      return fail(c, status, answer.because, message, answer.state);
    }
    case "not_ready":
      return fail(c, 503, "not_ready", "not ready yet; send the same again");
  }
}

/** Where a receipt's money is, and moving it: assign, split, treasury, returned, move and reverse are one call. */
export const opsReceipts = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/suspense", allow("money.read"), async (c) => {
    const cursor = readCursor(c.req.query("cursor"));
    if (cursor === "bad") return badCursor(c);
    const db = readerOf(c.env);
    const [rows, total] = await Promise.all([openSuspense(db, cursor, SUSPENSE_PAGE_MAX), suspenseTotal(db)]);
    const now = clockOf(c.env).now();
    const last = rows.length === SUSPENSE_PAGE_MAX ? rows.at(-1) : undefined;
    return c.json({
      asOf: now,
      total,
      cases: rows.map((row) => ({ ...row, ageSeconds: Math.round((now - row.openedAt) / 1000) })),
      next: last === undefined ? null : `${last.openedAt}:${last.caseKey}`,
    });
  })
  .get("/suspense/hints", allow("money.read"), async (c) => {
    const cursor = readCursor(c.req.query("cursor"));
    if (cursor === "bad") return badCursor(c);
    const db = readerOf(c.env);
    const rows = await openSuspense(db, cursor, SUSPENSE_PAGE_MAX);
    const { siteCodes } = countryOf(c.env);
    const asked = rows.map(({ caseKey, payerPhone, hintAccounts, text: said }) => ({
      caseKey,
      phone: payerPhone,
      named: hintAccounts,
      alike: similarAccounts(said ?? "", siteCodes),
    }));
    return c.json({ hints: await suspenseHints(db, asked, clockOf(c.env).now()) });
  })
  .get("/receipts/:receipt", allow("money.read"), async (c) => {
    const state = await stateOf(c.env, c.req.param("receipt"));
    if (state === "not_ready") return fail(c, 503, "not_ready", "not ready yet; ask again");
    if (state === null) return fail(c, 404, "unknown_receipt", "no such receipt here");
    return c.json(state);
  })
  .post("/receipts/:receipt/move", allow("money.write"), limited, saysJson, json(MoveBody), async (c) => {
    const { expectedGeneration, reason, force, shares } = c.req.valid("json");
    const newShares = shares.map((share) => ({
      amountMinor: share.amountMinor,
      holder: holderOf(share.to, share.to === "account" ? share.account : null, reason),
    }));
    return move(c, { expectedGeneration, reason, force, newShares });
  })
  .post("/receipts/:receipt/assign", allow("money.write"), limited, saysJson, json(AssignBody), async (c) => {
    const { account, ...rest } = c.req.valid("json");
    return moveWhole(c, holderOf("account", account, rest.reason), rest);
  })
  .post("/receipts/:receipt/treasury", allow("money.write"), limited, saysJson, json(WholeBody), (c) =>
    moveWhole(c, holderOf("treasury", null, c.req.valid("json").reason), c.req.valid("json")),
  )
  .post("/receipts/:receipt/returned", allow("money.write"), limited, saysJson, json(WholeBody), (c) =>
    moveWhole(c, holderOf("returned", null, c.req.valid("json").reason), c.req.valid("json")),
  )
  .post("/receipts/:receipt/reverse", allow("money.write"), limited, saysJson, json(WholeBody), (c) =>
    moveWhole(c, holderOf("suspense", null, c.req.valid("json").reason), c.req.valid("json")),
  )
  .post("/receipts/:receipt/unblock", allow("money.write"), limited, saysJson, json(ReasonBody), async (c) => {
    const receipt = canonicalReceipt(c.req.param("receipt"));
    if (receipt === null) return fail(c, 404, "unknown_receipt", "no such receipt here");
    const at = clockOf(c.env).now();
    return c.json({
      receipt: await receiptsOf(c.env).unblock({
        receipt,
        actor: c.get("actor"),
        reason: c.req.valid("json").reason,
        at,
      }),
    });
  })
  .post("/suspense/typed-receipt", allow("money.write"), limited, saysJson, json(TypedReceiptBody), async (c) => {
    const body = c.req.valid("json");
    const receipt = canonicalReceipt(body.receipt);
    if (receipt === null)
      return fail(c, 400, "bad_field", "check receipt", [
        { field: "receipt", value: body.receipt, expected: "the operator's receipt" },
      ]);
    await recordAct(c, "receipt.type", `receipt:${receipt}`, {
      caseKey: body.caseKey,
      account: body.account,
      amount_minor: body.amountMinor,
    });
    const received = await typeReceipt(typeReceiptPortsOf(c.env), {
      ...body,
      receipt,
      actor: c.get("actor"),
      sightingKey: `typed:${body.caseKey}:${sha256Hex(receipt)}`,
      at: clockOf(c.env).now(),
    });
    if (received.ok) return c.json(received.value);
    const [status, message] = NOT_TYPED[received.error.kind];
    return fail(c, status, received.error.kind, message, received.error);
  })
  .post("/suspense/dismiss-text", allow("money.write"), limited, saysJson, json(DismissBody), async (c) => {
    const { caseKey, reason } = c.req.valid("json");
    await recordAct(c, "text.dismiss", `suspense:${caseKey}`, undefined, reason);
    const dismissed = await dismissText(typeReceiptPortsOf(c.env), { caseKey, at: clockOf(c.env).now() });
    if (dismissed.ok) return c.json(dismissed.value);
    const [status, message] = NOT_DISMISSED[dismissed.error.kind];
    return fail(c, status, dismissed.error.kind, message, dismissed.error);
  });

const badCursor = (c: C) =>
  fail(c, 400, "bad_field", "check cursor", [{ field: "cursor", expected: "the `next` of the page before" }]);

type To = z.infer<typeof ShareBody>["to"];
const holderOf = (to: To, account: string | null, reason: string): Holder => {
  if (to === "account" && account !== null) return { kind: "account", account };
  if (to === "treasury" || to === "returned") return { kind: to, note: reason };
  return { kind: "suspense", because: "moved", hints: { accounts: account === null ? [] : [account], note: reason } };
};

async function stateOf(env: Env, typed: string): Promise<ReceiptState | null | "not_ready"> {
  const receipt = canonicalReceipt(typed);
  return receipt === null ? null : receiptsOf(env).state(receipt);
}

type Wanted = { expectedGeneration: number; reason: string; force: boolean };

async function moveWhole(c: C, holder: Holder, wanted: Wanted) {
  const state = await stateOf(c.env, c.req.param("receipt") ?? "");
  if (state === "not_ready") return fail(c, 503, "not_ready", "not ready yet; send the same again");
  if (state === null) return fail(c, 404, "unknown_receipt", "no such receipt here");
  return move(c, { ...wanted, newShares: [{ holder, amountMinor: state.amountMinor }] });
}

type Moved = Wanted & { newShares: { holder: Holder; amountMinor: number }[] };

/** The generation is compared in the shard and in Postgres: one of the two may have been set back. */
async function move(c: C, wanted: Moved) {
  const receipt = canonicalReceipt(c.req.param("receipt") ?? "");
  if (receipt === null) return fail(c, 404, "unknown_receipt", "no such receipt here");
  const { force, ...asked } = wanted;
  const fault = (await accountFault(c, wanted.newShares)) ?? (force ? null : await paidBackFault(c, receipt, wanted));
  if (fault !== null) return fault;
  const recorded = await recordedGeneration(c.env, receipt);
  if (recorded === "down")
    return fail(c, 503, "database_down", "moves wait until the database is back; nothing was moved");
  if (recorded !== null && recorded > wanted.expectedGeneration)
    return fail(c, 409, "stale", "the database knows a later move of this receipt; look at the present holder");
  if (recorded === null || recorded < wanted.expectedGeneration)
    return fail(
      c,
      503,
      "not_recorded",
      "the last change of this receipt is still being recorded; try again in a moment",
    );
  const { actor: by } = c.var as { actor: string };
  return answerMove(c, await receiptsOf(c.env).move({ receipt, ...asked, actor: by, at: clockOf(c.env).now() }));
}

/** A typed account is asked before money moves to it: what is no live account would hold the move open for ever. */
async function accountFault(c: C, shares: { holder: Holder }[]) {
  for (const [index, { holder }] of shares.entries()) {
    if (holder.kind !== "account") continue;
    const { account } = holder;
    const status = await accountsOf(c.env).status(account);
    if (status === "not_ready") return fail(c, 503, "not_ready", `${account} does not answer yet; send the same again`);
    if (status !== "unknown" && status !== "terminated") continue;
    const field = c.req.path.endsWith("/assign") ? "account" : `shares.${index}.account`;
    return fail(c, 422, status === "unknown" ? "unknown_account" : "terminated_account", `check ${field}`, [
      { field, value: account, expected: "an account that is live here" },
    ]);
  }
  return null;
}

/** What nothing took of a payment and was paid back goes out twice when the payment is moved: nobody does that unknowing. */
async function paidBackFault(c: C, receipt: string, { expectedGeneration, newShares }: Moved) {
  const state = await receiptsOf(c.env).state(receipt);
  // Another generation than was seen is refused as such.
  if (state === "not_ready") return fail(c, 503, "not_ready", "not ready yet; send the same again");
  if (state === null || state.generation !== expectedGeneration) return null;
  // Two shares may leave one account, which has enough for either and not for both.
  const leaving = Map.groupBy(leavingEntries(state.shares, newShares), ({ account }) => account);
  for (const [account, entries] of leaving) {
    // By name: an account shows only the newest of its rests.
    const keys = entries.map(({ entryKey }) => entryKey);
    const view = await accountsOf(c.env).view(account, keys);
    if (view === "not_ready") return fail(c, 503, "not_ready", `${account} does not answer yet; send the same again`);
    const { unallocated = [], debts = [] } = view ?? {};
    const rests = unallocated.filter(({ paymentKey }) => keys.includes(paymentKey));
    const owedMinor = debts.find(({ part }) => part === UNALLOCATED)?.outstandingMinor ?? 0;
    const minor = paidBackMinor(rests, owedMinor === 0 ? 0 : -owedMinor);
    if (minor > 0)
      return fail(
        c,
        409,
        "unallocated_paid_back",
        `${account} was paid back ${minor} ${state.currency} (minor units) of this payment; moved, ${account} owes them. Get them back first, or send it with force`,
        { account, amountMinor: minor },
      );
  }
  return null;
}

function readCursor(cursor: string | undefined): { openedAt: number; caseKey: string } | null | "bad" {
  if (cursor === undefined || cursor === "") return null;
  const match = /^(\d{1,15}):(.{1,200})$/.exec(cursor);
  return match?.[1] === undefined || match[2] === undefined ? "bad" : { openedAt: Number(match[1]), caseKey: match[2] };
}
