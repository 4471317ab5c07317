import { expect, it } from "vitest";
import { copyOutboxes } from "../../src/services/copy-outboxes.ts";
import { copyPortsOf, sourceOf } from "../../workers/copy.ts";
import { app } from "../../workers/index.ts";
import { walkAuditJob } from "../../workers/jobs/walk-audit.ts";
import { directoryOf } from "../../workers/objects/locate.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, ops, rows } from "./country.ts";
import { routesOf } from "./declared.ts";
import { type Known, WRITE_ROUTES } from "./write-routes.ts";

/** One name for a route, wherever it is mounted: the commands' door has the people's routes too. */
const plain = (path: string) => path.replace(/(:\w+)\{[^/]*\}/g, "$1");
const routes = routesOf(app).filter(({ method }) => method !== "GET");
const people = new Set(
  routes.filter(({ declared }) => declared?.for !== "machines").map(({ method, path }) => `${method} ${plain(path)}`),
);
const written = routes
  .filter(({ declared }) => declared?.for !== "machines" || declared.callers.includes("ops"))
  .map(({ method, path }) => {
    const both = `${method} ${plain(path).replace("/api/ops/", "/api/")}`;
    return people.has(both) ? both : `${method} ${plain(path)}`;
  });

it("every route by which a person writes says what it leaves in the audit, and no other", () => {
  const named = Object.keys(WRITE_ROUTES);
  expect([...new Set(written)].filter((route) => !named.includes(route))).toEqual([]);
  expect(named.filter((route) => !written.includes(route))).toEqual([]);
});

const acts = (actor: string) =>
  rows<{ action: string; requestId: string | null; id: number }>(
    `SELECT action, request_id AS "requestId", id FROM mutations WHERE actor = '${actor}' ORDER BY action`,
  );
const known: Known = { account: "", customerId: 0, staffId: 0, tariffId: 0, actId: 0, phoneId: "phone-audit" };

it.each(Object.entries(WRITE_ROUTES).filter(([, route]) => "acts" in route))(
  "%s leaves its acts",
  async (name, route) => {
    if (!("acts" in route)) return;
    const [method = "", template = ""] = name.split(" ");
    const { path = {}, body, key, status = 200 } = route.send(known);
    const actor = `audit ${name}`;
    const headers = {
      "X-Ops-Key": KEYS.ops,
      "X-Actor": actor,
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
    };
    const answer = await new Browser().ask(
      method,
      template.replace(/:(\w+)/g, (_, field: string) => String(path[field])),
      body ?? (method === "DELETE" ? undefined : {}),
      { headers },
    );
    expect([answer.status, answer.body.error]).toEqual([status, status < 400 ? undefined : expect.anything()]);
    if (route.copied !== undefined) await copyOutboxes(copyPortsOf(country), [sourceOf(country, route.copied(known))]);
    const left = await acts(actor);
    // A copied act may bring what the same object owed before.
    expect([...new Set(left.map(({ action }) => action))]).toEqual(expect.arrayContaining(route.acts));
    if (route.copied === undefined) expect(left.every(({ requestId }) => requestId !== null)).toBe(true);
    if (name === "POST /api/ops/sites") known.actId = left[0]?.id ?? 0;
    if (name === "POST /api/customers") {
      const made = answer.body.customer as { customerId: number; accounts: { account: string }[] };
      Object.assign(known, { customerId: made.customerId, account: made.accounts[0]?.account ?? "" });
      // Nothing names this site yet: its act can be taken back.
      const site = { sites: [{ code: "TLH", name: "Tlhanyaku" }] };
      await ops("POST", "/sites", site);
      known.actId = (await rows<{ id: number }>("SELECT id FROM mutations WHERE subject = 'site:TLH'"))[0]?.id ?? 0;
    }
    if (name === "POST /api/staff") known.staffId = Number(answer.body.staffId);
  },
);

it("the acts are listed and shown field by field, and money says what to do instead of a revert", async () => {
  const list = await ops("GET", "/audit?table=sites&subject=site:TLH&limit=2");
  expect(list.body.acts).toEqual([
    expect.objectContaining({ action: "site.revert", table: "sites", recordId: "TLH", reason: "a test" }),
    expect.objectContaining({ action: "site.put", subject: "site:TLH", revertedBy: expect.any(Number) }),
  ]);
  const put = (list.body.acts as { id: number; requestId: string }[])[1];
  const request = await ops("GET", `/audit?request=${put?.requestId}`);
  expect(request.body.acts).toEqual([expect.objectContaining({ id: put?.id, requestId: put?.requestId })]);
  expect((await ops("GET", "/audit?request=never-made")).body.acts).toEqual([]);
  const again = await ops("POST", `/audit/${known.actId}/revert`, { reason: "once more" });
  expect([again.status, again.body.error?.kind]).toEqual([409, "reverted"]);
  const [typed] = await rows<{ id: number }>("SELECT id FROM mutations WHERE action = 'receipt.type'");
  const money = await ops("POST", `/audit/${typed?.id}/revert`, { reason: "typed wrong" });
  expect([money.status, money.body.error?.kind, JSON.stringify(money.body)]).toEqual([
    422,
    "not_by_revert",
    expect.stringContaining("receipt:assign"),
  ]);
  const shown = await ops("GET", `/audit/${known.actId}`);
  expect((shown.body.act as { changes: unknown[] }).changes).toContainEqual({
    field: "name",
    before: null,
    after: "Tlhanyaku",
  });
  for (const [path, status] of [
    ["/audit/999999999", 404],
    ["/audit?limit=0", 400],
    ["/audit?from=yesterday", 400],
    ["/audit/chain?after=3", 400],
    ["/payments/DKM71H9X2Q", 404],
  ] as const)
    expect((await ops("GET", path)).status).toBe(status);
});

it("what was changed since is not overwritten: the answer shows the row as it is", async () => {
  await ops("POST", "/sites", { sites: [{ code: "MAS", name: "Mashai" }] });
  const [act] = await rows<{ id: number }>("SELECT max(id) AS id FROM mutations WHERE subject = 'site:MAS'");
  await ops("POST", "/sites", { sites: [{ code: "MAS", name: "Mashai II" }] });
  const answer = await ops("POST", `/audit/${act?.id}/revert`, { reason: "wrong" });
  expect([answer.status, answer.body.error]).toEqual([
    409,
    expect.objectContaining({
      kind: "changed",
      details: expect.objectContaining({ present: expect.objectContaining({ name: "Mashai II" }) }),
    }),
  ]);
});

it("each night the walk keeps the chain's head outside the database; a chain that lacks it is told", async () => {
  expect(await walkAuditJob(country, null)).toBeNull();
  const [head] = (await directoryOf(country).auditHeads()).slice(-1);
  expect((await ops("GET", "/audit/chain")).body).toMatchObject({ broken: null, isEnd: true, kept: 1, lost: [], head });
  // As if rows that were there last night had been cut off since.
  await directoryOf(country).keepAuditHead({ seq: (head?.seq ?? 0) + 50, hash: "a".repeat(64) }, Date.now());
  const walked = await ops("GET", "/audit/chain");
  expect(walked.body.lost).toEqual([{ seq: (head?.seq ?? 0) + 50, hash: "a".repeat(64) }]);
  expect(await walkAuditJob(country, { seq: head?.seq, hash: head?.hash })).toBeNull();
  expect(await rows("SELECT state FROM reconciliation_cases WHERE case_kind = 'audit_chain'")).toEqual([
    { state: "open" },
  ]);
});
