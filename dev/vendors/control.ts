import { Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import type { SimClock } from "./clock.ts";
import type { FaultBoard, FaultCatalogue } from "./faults.ts";
import type { Wallets } from "./wallets.ts";

/** Most intervals of one question: a month of a meter. */
const TRUTH_MS_MAX = 32 * 86_400_000;

export type ControlledOrg = {
  org: string;
  country: string;
  wallets: Wallets;
  /** Requests by day, as far as they are counted. */
  requests: () => Record<string, unknown>;
};

/**
 * How a test or a person steers a vendor's simulator and reads what is true: none of it is the vendor's.
 *
 * - `GET /faults`, `POST /faults {"late": {"days": 4}, "storm": false}`, `POST /faults {"all": false}`;
 *   `{"all": true}` begins every fault that mends itself, at the rates of a bad month
 * - `GET /clock`, `POST /clock {"advanceSeconds": 300}`
 * - `GET /truth` customers with their wallets; `?code=` one, with `&from=&to=` (ISO instants) the energy of its intervals
 * - `POST /console/payments {"code", "amount", "memo"?, "at"?, "processed"?}` a payment that an operator types at the vendor
 * - `POST /console/edits {"code", "amountMinor"}` a wallet changed by hand, which no list of payments shows
 * - `POST /console/history {"from", "to", "everyDays"}` what operators took through some days, drawn from the seed; twice is once
 * - `POST /console/tariffs {"code", "rateE4PerKwh"}` a customer's rate on the platform, from now on
 * - `POST /console/reversals {"id"}` a payment that an operator takes back
 * - `POST /console/process {"id"}` what was pending is processed
 */
export function control<C extends FaultCatalogue>(options: {
  clock: SimClock;
  board: FaultBoard<C>;
  orgs: readonly ControlledOrg[];
  changed: () => void;
}) {
  const { clock, board, orgs, changed } = options;
  const walletsOf = (code: string) => orgs.find(({ wallets }) => wallets.customers.has(code))?.wallets ?? null;
  const bodyOf = async (request: { text(): Promise<string> }) => asRecord(parseJson(await request.text()));
  return new Hono()
    .get("/faults", (c) => c.json(board.view()))
    .post("/faults", async (c) => {
      const refusal = board.set(await bodyOf(c.req));
      return refusal === null ? c.json(board.view()) : c.json({ error: refusal }, 400);
    })
    .get("/clock", (c) => c.json({ now: new Date(clock.now()).toISOString() }))
    .post("/clock", async (c) => {
      const seconds = Number((await bodyOf(c.req)).advanceSeconds);
      if (!(seconds >= 0)) return c.json({ error: "advanceSeconds must be a number of zero or more" }, 400);
      clock.advance(seconds * 1_000);
      return c.json({ now: new Date(clock.now()).toISOString() });
    })
    .get("/truth", (c) => {
      const { code, from, to } = c.req.query();
      if (code === undefined)
        return c.json({
          orgs: orgs.map(({ org, country, wallets, requests }) => ({
            org,
            country,
            openedAt: wallets.openedAt,
            requests: requests(),
            payments: wallets.payments.length,
            customers: [...wallets.customers.values()].map(({ code, site, serial }) => ({
              code,
              site,
              serial,
              balanceMinor: wallets.balanceMinor(code),
            })),
          })),
        });
      const wallets = walletsOf(code);
      if (wallets === null) return c.json({ error: `no customer ${code} here` }, 404);
      const [first, last] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
      if (from === undefined) return c.json({ ...wallets.truth(code), intervals: null });
      if (!(last > first && last - first <= TRUTH_MS_MAX))
        return c.json({ error: "from and to must be ISO instants, at most 32 days apart" }, 400);
      return c.json({ ...wallets.truth(code), intervals: wallets.intervals(code, first, last) });
    })
    .post("/console/payments", async (c) => {
      const { code, amount, memo = "", at, processed = true } = await bodyOf(c.req);
      const wallets = walletsOf(String(code));
      if (wallets === null) return c.json({ error: `no customer ${String(code)} here` }, 404);
      const amountMinor = wallets.readMoney(String(amount));
      if (typeof amountMinor !== "number") return c.json({ error: `amount: ${amountMinor}` }, 400);
      const when = at === undefined ? clock.now() : Date.parse(String(at));
      if (Number.isNaN(when)) return c.json({ error: "at must be an ISO instant" }, 400);
      const order = { code: String(code), amountMinor, memo: String(memo), externalId: null, by: "operator" as const };
      const payment = wallets.book({ ...order, at: when, processedAt: processed === false ? null : when });
      changed();
      return c.json(payment, 201);
    })
    .post("/console/history", async (c) => {
      const { from, to, everyDays = 7 } = await bodyOf(c.req);
      const [first, last, days] = [Date.parse(String(from)), Date.parse(String(to)), Number(everyDays)];
      if (!(last > first && Number.isInteger(days) && days >= 1))
        return c.json({ error: "from and to must be ISO instants in order, everyDays a whole number above zero" }, 400);
      const made = orgs.reduce((sum, { wallets }) => sum + wallets.history(first, last, days), 0);
      changed();
      return c.json({ made }, 201);
    })
    .post("/console/tariffs", async (c) => {
      const { code, rateE4PerKwh } = await bodyOf(c.req);
      if (!(Number.isSafeInteger(rateE4PerKwh) && Number(rateE4PerKwh) > 0))
        return c.json({ error: "rateE4PerKwh must be a whole number above zero" }, 400);
      const customer = walletsOf(String(code))?.changeRate(String(code), Number(rateE4PerKwh)) ?? null;
      if (customer === null) return c.json({ error: `no customer ${String(code)} here` }, 404);
      changed();
      return c.json(customer, 201);
    })
    .post("/console/edits", async (c) => {
      const { code, amountMinor } = await bodyOf(c.req);
      const wallets = walletsOf(String(code));
      if (wallets === null) return c.json({ error: `no customer ${String(code)} here` }, 404);
      if (typeof amountMinor !== "number" || !Number.isSafeInteger(amountMinor) || amountMinor === 0)
        return c.json({ error: "amountMinor must be a whole number other than zero" }, 400);
      const order = { code: String(code), amountMinor, memo: "edited", externalId: null, by: "operator" as const };
      const edit = wallets.book({ ...order, kind: "edit" });
      changed();
      return c.json(edit, 201);
    })
    .post("/console/:act{reversals|process}", async (c) => {
      const { id } = await bodyOf(c.req);
      const wallets = orgs.find(({ wallets }) => wallets.byId(String(id)) !== null)?.wallets ?? null;
      const payment = wallets?.byId(String(id)) ?? null;
      if (wallets === null || payment === null) return c.json({ error: `no payment ${String(id)} here` }, 404);
      if (c.req.param("act") === "process") payment.processedAt ??= clock.now();
      else wallets.reverse(payment.id, "operator");
      changed();
      return c.json(payment);
    });
}
