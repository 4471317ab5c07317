import { Hono } from "hono";
import { canonicalAccount } from "../../src/domain/account.ts";
import { type Acting, allow } from "../allow.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountLocator } from "../objects/locate.ts";

/** Entries shown, newest last. */
const ENTRIES_MAX = 50;

/** One account as its own object knows it, also while the database is down: balance, entries, commands, SMS. */
export const opsAccounts = new Hono<{ Bindings: Env; Variables: Acting }>().get(
  "/accounts/:account",
  allow("money.read"),
  async (c) => {
    const account = canonicalAccount(c.req.param("account"));
    if (!account.ok) return fail(c, 404, "unknown_account", "an account is 4 digits and 3 letters, as 0045MAK");
    const view = await accountLocator(c.env, account.value).view(account.value);
    if (view === "not_ready") return fail(c, 503, "not_ready", "not ready yet; ask again");
    if (view === null) return fail(c, 404, "unknown_account", "no such account here");
    const [entries, messages] = await Promise.all([
      accountLocator(c.env, account.value).entriesAfter(
        account.value,
        Math.max(0, view.seq - ENTRIES_MAX),
        ENTRIES_MAX,
      ),
      accountLocator(c.env, account.value).messages(account.value),
    ]);
    return c.json({ ...view, entries, messages });
  },
);
