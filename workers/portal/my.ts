import { Hono } from "hono";
import { z } from "zod";
import { shownPhone } from "../../src/domain/phone.ts";
import { customerCard } from "../../src/queries/customers.ts";
import {
  changeCustomerPassword,
  claimAccount,
  drawClaimCode,
  signInCustomer,
  waitForCode,
} from "../../src/services/customer-sign-in.ts";
import { allowCustomer, anyone } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { shownOf } from "../live-balances.ts";
import { accountsOf, clockOf, countryOf, readerOf } from "../ports.ts";
import { customerPortsOf, dropSession, keepDevice, keepSession, originOf } from "../session.ts";
import { accountField } from "./fields.ts";
import { fromOurPages, orSayDown, refusedSignIn } from "./sign-in.ts";

/** Accounts of one customer that are shown. */
const ACCOUNTS_MAX = 20;

const secret = z.string().min(1, "at least one character").max(300, "at most 300 characters");
const typed = z.string().min(1, "an account number, as 0045MAK").max(40, "an account number, as 0045MAK");
const SignInBody = z.strictObject({ account: typed, password: secret });
const CodeBody = z.strictObject({ account: typed });
const ClaimBody = z.strictObject({ account: typed, code: secret, password: secret });
const PasswordBody = z.strictObject({ old: secret, new: secret });

const WHY = "a customer who signs in is not signed in yet; the answer is the same whether the account exists or not";

/** What customers see: their own rows, and nobody else's. */
export const my = new Hono<{ Bindings: Env }>()
  .post("/code", anyone(WHY), fromOurPages, limited, saysJson, json(CodeBody), (c) =>
    orSayDown(c, async () => {
      const waitMs = await waitForCode(customerPortsOf(c.env), originOf(c).address);
      if (waitMs > 0) return refusedSignIn(c, { kind: "wait", ms: waitMs });
      await c.env.JOBS.send({ job: "claim-code", page: c.req.valid("json").account });
      return c.json({ status: "a code is on its way if this account has a phone on file" }, 202);
    }),
  )
  .post("/claim", anyone(WHY), fromOurPages, limited, saysJson, json(ClaimBody), (c) =>
    orSayDown(c, async () => {
      const claimed = await claimAccount(customerPortsOf(c.env), { ...c.req.valid("json"), from: originOf(c) });
      if (!claimed.ok) return refusedSignIn(c, claimed.error);
      keepSession(c, claimed.value);
      keepDevice(c, claimed.value);
      return c.json({ account: claimed.value.account });
    }),
  )
  .post("/sign-in", anyone(WHY), fromOurPages, limited, saysJson, json(SignInBody), (c) =>
    orSayDown(c, async () => {
      const signed = await signInCustomer(customerPortsOf(c.env), { ...c.req.valid("json"), from: originOf(c) });
      if (!signed.ok) return refusedSignIn(c, signed.error);
      keepSession(c, signed.value);
      keepDevice(c, signed.value);
      return c.json({ account: signed.value.account });
    }),
  )
  .post("/sign-out", allowCustomer(), async (c) => {
    await customerPortsOf(c.env).sessions.end(c.get("customer").sessionId, clockOf(c.env).now());
    dropSession(c);
    return c.json({ signedOut: true });
  })
  .post("/password", allowCustomer(), limited, saysJson, json(PasswordBody), (c) =>
    orSayDown(c, async () => {
      const { old, new: next } = c.req.valid("json");
      const changed = await changeCustomerPassword(customerPortsOf(c.env, c.get("requestId")), c.get("customer"), {
        old,
        next,
      });
      return changed.ok ? c.json({ changed: true }) : refusedSignIn(c, changed.error, "new");
    }),
  )
  .get("/profile", allowCustomer(), async (c) => {
    const card = await customerCard(readerOf(c.env), c.get("customer").customerId);
    if (card === null) return fail(c, 404, "unknown", "no such customer here");
    const { name, language, phones, site, place, district, plotNumber } = card;
    const country = countryOf(c.env);
    return c.json({
      ...{ name, language, site, place, district, plotNumber },
      account: c.get("customer").account,
      phones: phones.map((phone) => shownPhone(phone, country)),
    });
  })
  .get("/accounts", allowCustomer(), async (c) => {
    const card = await customerCard(readerOf(c.env), c.get("customer").customerId);
    const own = (card?.accounts ?? []).slice(0, ACCOUNTS_MAX);
    return c.json({ accounts: await Promise.all(own.map((each) => withBalance(c.env, each))) });
  });

/** The balance as the account's own object has it; null while it does not answer. */
async function withBalance(
  env: Env,
  {
    account,
    site,
    status,
    meters,
  }: { account: string; site: string; status: string; meters: { meterNumber: string; to: number | null }[] },
) {
  const view = await accountsOf(env).view(account);
  const known = view === null || view === "not_ready" ? null : view;
  return {
    ...{ account, site, status },
    meters: meters.filter(({ to }) => to === null).map(({ meterNumber }) => meterNumber),
    balanceWh: known?.availableWh ?? null,
    minutesLeft: known?.minutesLeft ?? null,
    currency: known?.currency ?? null,
    asOf: known?.asOf ?? null,
    /** Of a meter that obeys a wallet on its maker's platform: that, with where it comes from and how old it is. */
    shown: known === null ? null : await shownOf(env, known),
  };
}

const AccountBody = z.strictObject({ account: accountField });

/**
 * The operators' way to a code, without an SMS: for a person who stands before them and has no phone left. The code counts
 * among the account's, and who drew it is in the audit.
 */
export const opsClaimCodes = new Hono<{ Bindings: Env; Variables: { actor: string } }>().post(
  "/claim-codes",
  actor,
  limited,
  saysJson,
  json(AccountBody),
  async (c) => {
    const { account } = c.req.valid("json");
    const drawn = await drawClaimCode(customerPortsOf(c.env), account, changeOf(c));
    return drawn.ok
      ? c.json({ account, code: drawn.value.code }, 201)
      : fail(c, 422, drawn.error.kind, "no code was drawn", drawn.error.detail);
  },
);
