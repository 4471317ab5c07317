import { Hono } from "hono";
import { z } from "zod";
import { closeWalletCase } from "../../src/adapters/neon/wallet-cases.ts";
import { canonicalAccount } from "../../src/domain/account.ts";
import { WALLET_DAYS_MAX, WALLETS_PAGE_MAX, walletDays, walletsNow } from "../../src/queries/wallet-checks.ts";
import { compareWallet, compareWallets } from "../../src/services/compare-wallets.ts";
import { allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { databaseOf, readerOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { comparePortsOf } from "../wallets.ts";
import { reason } from "./fields.ts";
import { refuse } from "./refusals.ts";

const OFFSET_MAX = 100_000;
const List = z.object({
  verdict: z.enum(["agree", "waits", "differ", "unknown"]).optional(),
  site: z
    .string()
    .regex(/^[A-Z]{3}$/, "three capital letters")
    .optional(),
  cursor: queryNumber(0, OFFSET_MAX).default(0),
});
const Page = z.object({
  after: z
    .string()
    .regex(/^(\d{4}[A-Z]{3})?$/, "an account number, or nothing")
    .default(""),
});
const Close = z.object({ reason });

/** Our balances beside the wallets on vendors' platforms, the largest difference first; `next` goes in as `cursor`. */
export const wallets = new Hono<{ Bindings: Env }>().get("/", allow("money.read"), query(List), async (c) => {
  const { verdict = null, site = null, cursor } = c.req.valid("query");
  const found = await walletsNow(readerOf(c.env), { verdict, site, offset: cursor, limit: WALLETS_PAGE_MAX });
  return c.json({ wallets: found, next: found.length === WALLETS_PAGE_MAX ? cursor + WALLETS_PAGE_MAX : null });
});

/** One account's looks, a look now, and the end of its case by a person. */
export const accountWallet = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .get("/:account/wallet", allow("money.read"), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown", "no such account here");
    return c.json({ account: account.value, days: await walletDays(readerOf(c.env), account.value, WALLET_DAYS_MAX) });
  })
  .post("/:account/wallet/compare", allow("money.write"), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown", "no such account here");
    const seen = await compareWallet(comparePortsOf(c.env), account.value);
    if (seen === null) return fail(c, 404, "unknown", "this account has no wallet on a vendor's platform");
    return typeof seen === "string" ? fail(c, 503, "vendor_refused", `${seen}; ask again later`) : c.json(seen);
  })
  .post("/:account/wallet/close", allow("money.write"), limited, saysJson, json(Close), async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown", "no such account here");
    const closed = await closeWalletCase(databaseOf(c.env), account.value, changeOf(c, c.req.valid("json").reason));
    return closed.ok ? c.json({ account: account.value, closed: true }) : refuse(c, closed.error);
  });

/** The same comparison as every night, a page a call: the command brings `next` back as `after` until it is null. */
export const opsWallets = new Hono<{ Bindings: Env; Variables: { actor: string } }>().post(
  "/wallets/compare",
  actor,
  limited,
  saysJson,
  json(Page),
  async (c) => c.json(await compareWallets(comparePortsOf(c.env), c.req.valid("json").after)),
);
