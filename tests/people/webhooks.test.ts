import { createHmac } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { neonWebhooks } from "../../src/adapters/neon/webhooks.ts";
import { ATTEMPTS_MAX } from "../../src/domain/webhook.ts";
import { sendWebhooks } from "../../src/services/send-webhooks.ts";
import { webhooksJob } from "../../workers/jobs/webhooks.ts";
import { webhookOwner } from "../../workers/portal/webhooks.ts";
import { country, database, ops, ports, rows, session } from "./country.ts";

const run = (query: string) => database().transaction([{ query, params: [] }]);
const reason = "the books are kept elsewhere";
const URL_OF = "https://erp.example.org/hook";

type Told = {
  url: string;
  headers: Record<string, string>;
  body: { type: string; data: Record<string, unknown> };
  text: string;
};
let told: Told[] = [];
let answer: () => Promise<{ status: number }>;
let now = Date.now();
/** Where the host leads; null: nobody can tell. */
let leads: string[] | null = [];
let looks = 0;
/** A minute of the job, with the outside world here. */
const minute = () =>
  sendWebhooks({
    webhooks: {
      ...neonWebhooks(database()),
      // An event is told at once: nothing else is on its way here.
      spread: (at, _, limit) => neonWebhooks(database()).spread(at, 0, limit),
    },
    unseal: (endpointId, sealed) => ports.secrets.unseal(webhookOwner(endpointId), sealed),
    addressesOf: (host) => {
      looks += 1;
      return leads === null ? Promise.reject(new Error(`nobody can tell where ${host} leads`)) : Promise.resolve(leads);
    },
    post: (url, headers, text) => {
      told.push({ url, headers, body: JSON.parse(text), text });
      return answer();
    },
    now: () => now,
    utcOffsetMinutes: 120,
  });
const paid = (receipt: string, generation = 1) =>
  run(`WITH a AS (SELECT id FROM accounts WHERE account_number = '0801SHG'), p AS (
      INSERT INTO payments (receipt, shard, provider, amount_minor, currency, account_id, holder_kind, paid_at, road, generation, version,
        blocked, claimed_at) SELECT '${receipt}', 1, 'mpesa', 2000, 'LSL', a.id, 'account', '2026-11-03T12:00Z', 'sms', ${generation}, 1, false, now() FROM a
      ON CONFLICT (receipt) DO UPDATE SET generation = excluded.generation)
    SELECT NULL::text AS row WHERE false`);
const share = (receipt: string, generation = 1) =>
  run(`INSERT INTO payment_allocations (receipt, generation, share, holder_kind, account_id, amount_minor, entry_key, at)
    SELECT '${receipt}', ${generation}, 1, 'account', id, 2000, 'receipt:${receipt}#${generation}.1', now() FROM accounts WHERE account_number = '0801SHG'
    ON CONFLICT DO NOTHING`);
const stateOf = async (endpointId: string) =>
  rows<{ key: string; state: string; attempts: number; status: number | null; error: string | null }>(
    `SELECT e.event_key AS key, d.state, d.attempts, d.status, d.error FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id
      WHERE d.endpoint_id = '${endpointId}' ORDER BY d.event_id`,
  );
async function endpoint(kinds: string[], url = URL_OF) {
  const made = await ops("POST", "/webhooks", { name: "ERP", url, kinds, reason });
  expect([made.status, made.body.error]).toEqual([201, undefined]);
  return { id: String(made.body.endpointId), secret: String(made.body.secret) };
}
const quiet = (id: string) => ops("POST", `/webhooks/${id}/active`, { active: false, reason });
const isSigned = ({ headers, text }: Told, secret: string) => {
  const by = createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`)
    .digest("base64");
  return headers["webhook-signature"]?.split(" ").includes(`v1,${by}`) ?? false;
};

beforeAll(async () => {
  // In the laptop's world only an address of its own is plain; here all are as outside.
  await ops("POST", "/sites", { sites: [{ code: "SHG", name: "Sehonghong", district: "Thaba-Tseka" }] });
  const account = {
    account: "0801SHG",
    name: "Neo Mofokeng",
    phone: "26650000801",
    language: "st",
    status: "live",
    aliases: [],
  };
  await ops("POST", "/accounts", { accounts: [{ ...account, meters: [] }] });
});
let open: string[] = [];
beforeEach(() => {
  told = [];
  now = Date.now();
  leads = ["8.8.8.8", "2606:4700::1111"];
  looks = 0;
  answer = () => Promise.resolve({ status: 200 });
});
afterEach(async () => {
  for (const id of open) await quiet(id);
  open = [];
  vi.unstubAllGlobals();
});
const opened = async (kinds: string[]) => {
  const made = await endpoint(kinds);
  open.push(made.id);
  return made;
};

describe("a payment", () => {
  it("is told once, signed, with who holds it, and to nobody who did not ask for payments", async () => {
    const { id, secret } = await opened(["payments"]);
    const other = await opened(["tickets"]);
    await paid("HOOKA");
    await share("HOOKA");
    await minute();
    await minute();
    expect(told.map(({ url, body }) => [url, body.type, body.data.receipt])).toEqual([
      [URL_OF, "payment.recorded", "HOOKA"],
    ]);
    expect(told[0]?.body.data.holders).toEqual([
      { holder: "account", account: "0801SHG", amount_minor: 2_000, energy_wh: null },
    ]);
    expect(told.every((each) => isSigned(each, secret))).toBe(true);
    expect(told.some((each) => isSigned(each, other.secret))).toBe(false);
    expect(await stateOf(id)).toMatchObject([{ key: "payment:HOOKA#1", state: "told", attempts: 1, status: 200 }]);
    expect(await stateOf(other.id)).toEqual([]);
  });

  it("that came twice is one event, and one that was moved another", async () => {
    const { id } = await opened(["payments"]);
    await paid("HOOKB");
    await paid("HOOKB");
    await paid("HOOKB", 2);
    await minute();
    expect((await stateOf(id)).map(({ key }) => key)).toEqual(["payment:HOOKB#1", "payment:HOOKB#2"]);
    expect(told.map(({ body }) => body.type)).toEqual(["payment.recorded", "payment.moved"]);
  });

  it("whose transaction fails is told to nobody", async () => {
    const { id } = await opened(["payments"]);
    await expect(
      database().transaction([
        {
          query: `INSERT INTO payments (receipt, shard, provider, amount_minor, currency, holder_kind, paid_at, road, generation, version, blocked, claimed_at)
            VALUES ('HOOKC', 1, 'mpesa', 100, 'LSL', 'suspense', now(), 'sms', 1, 1, false, now())`,
          params: [],
        },
        { query: "SELECT refuse_request('refused: half done')", params: [] },
      ]),
    ).rejects.toThrow();
    await minute();
    expect(await stateOf(id)).toEqual([]);
  });

  it("leaves no event while nobody wants to be told", async () => {
    await paid("HOOKD");
    expect(await rows("SELECT 1 AS n FROM webhook_events WHERE subject = 'HOOKD'")).toEqual([]);
  });
});

describe("an endpoint that does not answer", () => {
  it("is tried again later and later, under the same id, and given up after the last try; a person sends it once more", async () => {
    const { id } = await opened(["payments"]);
    await paid("HOOKE");
    answer = () => Promise.reject(new Error("nobody answers"));
    for (let n = 0; n < ATTEMPTS_MAX + 2; n++) {
      await minute();
      await minute();
      now += 25 * 3_600_000;
    }
    expect(told.length).toBe(ATTEMPTS_MAX);
    expect(new Set(told.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set(["payment:HOOKE#1"]));
    expect(await stateOf(id)).toMatchObject([{ state: "given_up", attempts: ATTEMPTS_MAX, error: "nobody answers" }]);
    answer = () => Promise.resolve({ status: 204 });
    const log = await ops("GET", `/webhooks/deliveries?endpoint=${id}&state=given_up`);
    const [given] = log.body.deliveries as { eventId: number }[];
    expect((await ops("POST", `/webhooks/events/${given?.eventId}/resend`, { endpoint: id, reason })).status).toBe(200);
    now = Date.now() + 1_000;
    await minute();
    expect(await stateOf(id)).toMatchObject([{ state: "told", attempts: 1, status: 204 }]);
  });

  it.each([301, 404, 500])("and one that answers %d, are the same", async (status) => {
    const { id } = await opened(["payments"]);
    await paid(`HOOKF${status}`);
    answer = () => Promise.resolve({ status });
    await minute();
    expect(await stateOf(id)).toMatchObject([{ state: "waiting", attempts: 1, status }]);
  });

  it("holds nobody else up: two minutes at once try each delivery once", async () => {
    const { id } = await opened(["payments"]);
    await paid("HOOKG");
    await Promise.all([minute(), minute(), minute()]);
    await minute();
    expect(told.length).toBe(1);
    expect(await stateOf(id)).toMatchObject([{ state: "told", attempts: 1 }]);
  });
});

describe("a name that leads into a network of ours", () => {
  it.each([
    ["an inner address", ["10.0.0.1"]],
    ["one inner address among public ones", ["8.8.8.8", "fd00::1"]],
    ["the machine's own metadata", ["169.254.169.254"]],
    ["nowhere", []],
    ["where nobody can tell", null],
  ])("is told nothing when it leads to %s, and is tried again later", async (_, where) => {
    const { id } = await opened(["payments"]);
    const receipt = `HOOKN${looks}${String(where).replaceAll(/\W/g, "")}`.slice(0, 30).toUpperCase();
    await paid(receipt);
    leads = where;
    await minute();
    expect([told, looks]).toEqual([[], 1]);
    const [kept] = await stateOf(id);
    expect(kept).toMatchObject({ state: "waiting", attempts: 1, status: null });
    expect(kept?.error).toMatch(/^(erp\.example\.org leads|nobody can tell)/);
    leads = ["8.8.8.8"];
    now += 2 * 60_000;
    await minute();
    expect(told.length).toBe(1);
  });

  it("is looked at anew before each try, and told nothing more once it leads to an inner address", async () => {
    const { id } = await opened(["payments"]);
    await paid("HOOKO");
    answer = () => Promise.resolve({ status: 503 });
    await minute();
    expect(told.length).toBe(1);
    leads = ["127.0.0.1"];
    now += 2 * 60_000;
    await minute();
    expect([told.length, looks]).toEqual([1, 2]);
    expect((await stateOf(id))[0]?.error).toContain("not public");
  });
});

describe("a site's day of readings", () => {
  it("is told once, with each account's watt-hours", async () => {
    const day = new Date(now - 4 * 3_600_000 - 86_400_000 + 2 * 3_600_000).toISOString().slice(0, 10);
    await run(`INSERT INTO metered_days (day, account_id, site_code, energy_wh, hours, estimated_hours)
      SELECT '${day}', id, site_code, 1234, 24, 1 FROM accounts WHERE account_number = '0801SHG'`);
    await opened(["readings"]);
    await minute();
    await minute();
    const days = told.filter(({ body }) => body.type === "readings.day" && body.data.site === "SHG");
    expect(days.map(({ body }) => body.data)).toEqual([
      {
        site: "SHG",
        day,
        part: 1,
        accounts: [{ account: "0801SHG", energy_wh: 1_234, hours: 24, estimated_hours: 1 }],
      },
    ]);
  });
});

describe("endpoints", () => {
  it("are for whoever manages them alone, and their secrets are in one answer and nowhere else", async () => {
    const { browser } = await session(["finance_team"]);
    expect((await browser.ask("GET", "/api/webhooks")).status).toBe(403);
    const { secret } = await opened(["payments"]);
    expect(JSON.stringify((await ops("GET", "/webhooks")).body)).not.toContain(secret);
    const [kept] = await rows<{ text: string }>(
      "SELECT string_agg(to_jsonb(e)::text, ' ') AS text FROM webhook_endpoints e",
    );
    expect(kept?.text).not.toContain(secret.slice(6));
    const acts = await rows<{ text: string }>(
      "SELECT string_agg(to_jsonb(m)::text, ' ') AS text FROM mutations m WHERE subject_kind = 'webhook'",
    );
    expect(acts[0]?.text).not.toContain(secret.slice(6));
  });

  it("have two secrets while one is rotated: both sign, then the older one no more", async () => {
    const { id, secret } = await opened(["payments"]);
    const rotated = await ops("POST", `/webhooks/${id}/rotate`, { reason });
    const next = String(rotated.body.secret);
    await paid("HOOKH");
    await minute();
    expect(told.map((each) => [isSigned(each, secret), isSigned(each, next)])).toEqual([[true, true]]);
    expect((await ops("POST", `/webhooks/${id}/retire`, { reason })).status).toBe(200);
    told = [];
    await paid("HOOKI");
    await minute();
    expect(told.map((each) => [isSigned(each, secret), isSigned(each, next)])).toEqual([[false, true]]);
    const third = String((await ops("POST", `/webhooks/${id}/rotate`, { reason })).body.secret);
    await ops("POST", `/webhooks/${id}/rotate`, { reason });
    told = [];
    await paid("HOOKJ");
    await minute();
    expect(told.map((each) => [isSigned(each, next), isSigned(each, third)])).toEqual([[false, true]]);
    const acts = await rows<{ action: string }>(
      `SELECT action FROM mutations WHERE subject = 'webhook:${id}' ORDER BY seq`,
    );
    expect(acts.map(({ action }) => action)).toEqual([
      ...["webhook.create", "webhook.rotate", "webhook.retire_secret", "webhook.rotate", "webhook.rotate"],
    ]);
  });

  it("that rest are told nothing, and what happened meanwhile is not told later", async () => {
    const { id } = await opened(["payments"]);
    await quiet(id);
    await paid("HOOKK");
    await ops("POST", `/webhooks/${id}/active`, { active: true, reason });
    await minute();
    expect(told).toEqual([]);
  });

  it.each(["http://erp.example.org/", "https://169.254.169.254/", "https://10.0.0.1/", "https://localhost/"])(
    "at %s are refused by name",
    async (url) => {
      const made = await ops("POST", "/webhooks", { name: "ERP", url, kinds: ["payments"], reason });
      expect([made.status, made.body.error?.kind]).toEqual([400, "bad_field"]);
    },
  );

  /** A minute of the job itself; how it asked, when the host leads there and answers with a redirect. */
  const byTheJob = async (receipt: string, leadsTo: string) => {
    await paid(receipt);
    await neonWebhooks(database()).spread(Date.now(), 0, 100);
    const asked: RequestInit[] = [];
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      if (String(url).startsWith("https://cloudflare-dns.com/"))
        return Promise.resolve(Response.json({ Status: 0, Answer: [{ type: 1, data: leadsTo }] }));
      if (url !== URL_OF) return real(url, init);
      asked.push(init);
      return Promise.resolve(new Response(null, { status: 302, headers: { Location: "https://10.0.0.1/" } }));
    });
    expect(await webhooksJob(country, null)).toBeNull();
    return asked.map(({ redirect, method }) => [redirect, method]);
  };

  it("are told by the job itself, which follows no redirect", async () => {
    const { id } = await opened(["payments"]);
    expect(await byTheJob("HOOKL", "8.8.8.8")).toEqual([["manual", "POST"]]);
    expect(await stateOf(id)).toMatchObject([{ state: "waiting", status: 302 }]);
  });

  it("are told nothing by the job itself where the name leads to an inner address", async () => {
    const { id } = await opened(["payments"]);
    expect(await byTheJob("HOOKM", "10.0.0.1")).toEqual([]);
    expect(await stateOf(id)).toMatchObject([{ state: "waiting", status: null }]);
  });
});
