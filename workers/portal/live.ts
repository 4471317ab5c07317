import { type Context, Hono } from "hono";
import { canonicalAccount } from "../../src/domain/account.ts";
import { may, type Permission } from "../../src/domain/permission.ts";
import type { AccountView } from "../../src/ports/accounts.ts";
import { keptFor } from "../../src/queries/kept.ts";
import { type Acting, type ActingCustomer, allow, allowCustomer, staffOf } from "../allow.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountsOf, clockOf } from "../ports.ts";
import { sessionOf } from "../session.ts";
import { accountWatch, staffWatch } from "./live-account.ts";
import { sse } from "./live-stream.ts";
import type { LiveStatus } from "./live-view.ts";
import { underWayOf } from "./ops-status.ts";

/** How soon a change is seen. Each look at an account is one call of its object; at the country, one of every phone and shard. */
const LOOK_MS = { account: 2_000, status: 3_000 } as const;

/** A look at the country calls up to 230 objects, and a request of a Worker may make 10,000 calls: its line is shorter. */
const STATUS_MS_MAX = 2 * 60_000;

/** All who watch a country through one isolate share its looks. */
const status = keptFor<LiveStatus>(LOOK_MS.status - 100);

/** The live line of a customer's own page: the account that is signed in, and no other. */
export const myLive = new Hono<{ Bindings: Env; Variables: ActingCustomer }>().get("/live", allowCustomer(), (c) =>
  account(c, c.get("customer").account, accountWatch, () => still(c, null)),
);

/** What staff watch. An account's line comes from its object: it goes on while the database is down. */
export const live = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/accounts/:account", allow("customers.read"), async (c) => {
    const known = canonicalAccount(c.req.param("account"));
    return known.ok
      ? account(c, known.value, staffWatch, () => still(c, "customers.read"))
      : fail(c, 404, "unknown", "an account is 4 digits and 3 letters, as 0045MAK");
  })
  .get("/status", allow("reports.read"), (c) =>
    sse<LiveStatus>(c, {
      name: `status:${c.get("actor")}`,
      everyMs: LOOK_MS.status,
      msMax: STATUS_MS_MAX,
      look: async () => (await status(clockOf(c.env).now(), () => lookAround(c.env))).value,
      still: () => still(c, "reports.read"),
    }),
  );

async function account<T extends { asOf: number }>(
  c: Context,
  name: string,
  watch: (env: Env, account: string, first: AccountView) => () => Promise<T>,
  goesOn: () => Promise<boolean>,
) {
  const view = await accountsOf(c.env).view(name);
  if (view === "not_ready") return fail(c, 503, "not_ready", "not ready yet; ask again");
  if (view === null) return fail(c, 404, "unknown", "no such account here");
  return sse<T>(c, {
    name: `account:${name}`,
    everyMs: LOOK_MS.account,
    look: watch(c.env, name, view),
    still: goesOn,
  });
}

async function lookAround(env: Env): Promise<LiveStatus> {
  const { asOf, country, database, phones, depths, disconnects, unmappedMeters, vendorCredits, today, payments } =
    await underWayOf(env, clockOf(env).now());
  return { asOf, country, database, phones, depths, disconnects, unmappedMeters, vendorCredits, today, payments };
}

/** Whether who opened the line may still watch. A database that is down sends nobody away; an operator's key does not change. */
async function still(c: Context, permission: Permission | null): Promise<boolean> {
  if (permission !== null && c.get("person") === null) return true;
  const session = permission === null ? await sessionOf(c) : await staffOf(c);
  if (session instanceof Response) return session.status === 503;
  return session.kind === "customer" || (permission !== null && may(session.roles, permission));
}
