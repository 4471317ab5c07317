import { Hono } from "hono";
import { asRecord, parseJson } from "../serve.ts";
import { dayStart } from "../vendors/energy.ts";
import type { VendorCustomer } from "../vendors/people.ts";
import type { Sessions } from "../vendors/sessions.ts";
import type { KoiosEnv } from "./app-env.ts";
import { dailyReadings, portfolioPayments } from "./csv.ts";
import type { Board, OrgState } from "./org.ts";
import { sendCsv } from "./reports.ts";
import { siteById } from "./v2.ts";
import { customerOf, webPaymentOf } from "./wire.ts";

const CUSTOMERS_PAGE = { usual: 50, most: 500 };
/** Whatever is asked for. */
const PAYMENTS_PAGE = 50;

/** What Koios's own pages ask, with a cookie. Nobody documents it. */
export function web(orgs: readonly OrgState[], sessions: Sessions<OrgState>, board: Board) {
  return new Hono<KoiosEnv>()
    .get("/login", () => sessions.page())
    .post("/login", async (c) => {
      const { csrf_token: csrf, email, password } = await c.req.parseBody();
      const org = orgs.find(({ options: { login } }) => login.email === email && login.password === password);
      if (!sessions.takesCsrf(String(csrf)) || org === undefined) return sessions.page("<p>Invalid credentials</p>");
      return new Response(null, { status: 302, headers: { Location: "/", "Set-Cookie": sessions.start(org) } });
    })
    .get("/", (c) => (sessions.of(c.req.raw) === null ? c.redirect("/login") : c.html("<!doctype html><p>Koios</p>")))
    .use("/sm/organizations/:org/*", async (c, next) => {
      if (board.once("session_lost") !== null) sessions.endAll();
      const org = sessions.of(c.req.raw);
      if (org === null) return c.redirect("/login");
      if (c.req.param("org") !== org.options.org) return c.json({ detail: "Forbidden" }, 403);
      c.set("org", org);
      return next();
    })
    .get("/sm/organizations/:org/customers", (c) => customersPage(c.get("org"), c.req.query(), true))
    .get("/sm/organizations/:org/unconfigured-customers", (c) => customersPage(c.get("org"), c.req.query(), false))
    .get("/sm/organizations/:org/payments", (c) => {
      const org = c.get("org");
      const from = pageFrom(org, c.req.query("page"), PAYMENTS_PAGE);
      const all = org.wallets.newestFirst();
      const payments = all.slice(from, from + PAYMENTS_PAGE).map((payment) => webPaymentOf(org, payment));
      return c.json({ payments, total_count: all.length });
    })
    .post("/sm/organizations/:org/report/download", async (c) => {
      const org = c.get("org");
      const wanted = asRecord(parseJson(await c.req.text()));
      if (wanted.type === "payments") return sendCsv(c, portfolioPayments(org, Number(wanted.year)));
      const site = siteById(org, String(wanted.site_id));
      const dayAt = dayStart(String(wanted.date));
      const csv = site === null || dayAt === null ? null : dailyReadings(org, site, dayAt);
      return csv === null ? c.json({ detail: "Report not generated" }, 404) : sendCsv(c, csv);
    });
}

/** Pages count from 1, in Benin's organisation from 0. */
function pageFrom(org: OrgState, page: string | undefined, size: number): number {
  const first = org.options.country === "BJ" ? 0 : 1;
  return Math.max(0, Math.floor(Number(page ?? first)) - first) * size;
}

function customersPage(org: OrgState, query: Record<string, string>, isMetered: boolean): Response {
  const size = Math.min(CUSTOMERS_PAGE.most, Number(query.page_size ?? CUSTOMERS_PAGE.usual) || CUSTOMERS_PAGE.usual);
  const from = pageFrom(org, query.page, size);
  const all = [...org.wallets.customers.values()].filter(
    ({ serial, hidden }) => hidden !== true && (serial !== null) === isMetered,
  );
  const customers = all.slice(from, from + size).map((customer) => shape(org, customer));
  return Response.json({ customers, total_count: all.length });
}

function shape(org: OrgState, customer: VendorCustomer) {
  const { id, code, name, balances, meters } = customerOf(org, customer);
  const [first] = meters;
  return { id, code, name, balance: balances.credit, tariff: { name: first?.tariff.name ?? null }, meters };
}
