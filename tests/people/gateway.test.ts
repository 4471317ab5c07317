import { beforeAll, describe, expect, it } from "vitest";
import { requestCall } from "../../src/services/request-call.ts";
import { callPortsOf, registryOf } from "../../workers/ports.ts";
import { carrierBookOf } from "../../workers/sms-channels.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, rows } from "./country.ts";
import { ask as operator } from "./operator.ts";

const ACCOUNT = "0084MAK";
const PHONE = "26650000184";
const ask = (method: string, path: string, body?: unknown, key = KEYS.gateway) =>
  new Browser().ask(method, path, body, { headers: { "X-Gateway-Key": key } });
const tickets = () =>
  rows<{ summary: string; source: string }>(`SELECT summary, source FROM tickets WHERE phone = '${PHONE}'`);

beforeAll(async () => {
  const by = { actor: "a test", reason: null, at: Date.now() };
  await registryOf(country).upsertSites([{ code: "MAK", name: "Ha Makebe", district: null }], by);
  const customer = { key: ACCOUNT, name: "Test Eighty-four", phones: [PHONE], language: null };
  await registryOf(country).upsertAccounts(
    [{ account: ACCOUNT, site: "MAK", status: "live", customer, meters: [], aliases: [], rates: [] }],
    by,
  );
});

describe("a missed call that the old PHP asks for", () => {
  const path = `/api/payments/gateway/balances-by-phone?phone=${PHONE}`;
  it("is one ticket while that is open, says where nobody knows why, and is none where it was a text", async () => {
    await ask("GET", `${path}&because=keyword`);
    expect(await tickets()).toEqual([]);
    expect((await ask("GET", path, undefined, "a stranger's key")).status).toBe(403);
    expect(await tickets()).toEqual([]);
    await ask("GET", path);
    await ask("GET", path);
    expect(await tickets()).toMatchObject([{ source: "sms", summary: expect.stringContaining("does not say which") }]);
    // A text of the next day finds it open.
    const tomorrow = { receivedAt: Date.now() + 86_400_000 };
    for (let times = 0; times < 2; times++)
      await requestCall(callPortsOf(country), tomorrow, { phone: `+${PHONE}`, why: "missed_call" });
    expect(await tickets()).toHaveLength(1);
    const lines = await rows<{ text: string }>(
      `SELECT e.details ->> 'text' AS text FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id WHERE t.phone = '${PHONE}' AND e.kind = 'comment'`,
    );
    expect(lines).toEqual([{ text: `+${PHONE} called, and nobody took it` }]);
  });
});

describe("by which way SMS go", () => {
  it("is kept with who set it and what was set before, and refused where it is none", async () => {
    const said = async () => (await operator("GET", "/api/settings/carrier", undefined)).body;
    expect(await said()).toMatchObject({ setting: { routes: {}, quiet: { from: 20, to: 7 } }, said: null });
    const setting = { routes: { low_balance: "carrier" }, partPriceMinor: 30, perHourMax: 200, perDayMax: 900 };
    const put = async (body: object) => {
      const { version } = (await said()) as { version: number | null };
      return operator("PUT", "/api/settings/carrier", { ...setting, version, reason: "a test", ...body });
    };
    expect((await put({})).status).toBe(200);
    expect((await put({ quiet: { from: 22, to: 6 }, partPriceMinor: null })).status).toBe(200);
    expect(await said()).toMatchObject({
      setting: { ...setting, partPriceMinor: null, quiet: { from: 22, to: 6 } },
      said: {
        by: expect.stringContaining("Mpho"),
        reason: "a test",
        before: { ...setting, quiet: { from: 20, to: 7 } },
      },
    });
    for (const wrong of [
      { quiet: { from: 7, to: 7 } },
      { quiet: { from: 24, to: 7 } },
      { routes: { claim_code: "carrier" } },
      { perHourMax: 0 },
      { perDayMax: 10_001 },
      { partPriceMinor: 0.5 },
    ])
      expect((await put(wrong)).status, JSON.stringify(wrong)).toBe(400);
  });
});

describe("a setting that two people read", () => {
  const read = async (path: string) => (await operator("GET", path, undefined)).body;
  const carrier = { routes: {}, partPriceMinor: 41, perHourMax: 200, perDayMax: 900 };

  it("of the carrier is set by the first; the second is told who set what, and sets it over that once it was read", async () => {
    const path = "/api/settings/carrier";
    const { version } = (await read(path)) as { version: number };
    const first = { ...carrier, version, reason: "the contract" };
    expect((await operator("PUT", path, first, "Thabo")).status).toBe(200);
    const second = { ...carrier, perDayMax: 100, version, reason: "too many" };
    const told = await operator("PUT", path, second, "Mpho");
    expect(told.status).toBe(409);
    expect(told.body).toMatchObject({
      error: {
        kind: "stale",
        message: expect.stringContaining("Thabo"),
        details: { said: { by: expect.stringContaining("Thabo"), reason: "the contract" } },
      },
    });
    expect(await read(path)).toMatchObject({ setting: { perDayMax: 900, partPriceMinor: 41 } });
    // The first one's request again, as after a lost answer, changes nothing and is no fault.
    expect((await operator("PUT", path, first, "Thabo")).status).toBe(200);
    const { version: now } = (await read(path)) as { version: number };
    expect((await operator("PUT", path, { ...second, version: now }, "Mpho")).status).toBe(200);
    expect(await read(path)).toMatchObject({ setting: { perDayMax: 100 } });
  });

  it("is not set by whoever does not say what was read", async () => {
    expect((await operator("PUT", "/api/settings/carrier", { ...carrier, reason: "x" })).status).toBe(400);
  });

  it("at the same moment by both is set by one", async () => {
    const path = "/api/settings/carrier";
    const { version } = (await read(path)) as { version: number };
    const both = [501, 502].map((perDayMax) =>
      operator("PUT", path, { ...carrier, perDayMax, version, reason: "both" }),
    );
    expect((await Promise.all(both)).map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it("of a wording is one as well, also where nobody had written one", async () => {
    const put = (text: string, version: number | null, actor: string) =>
      operator(
        "POST",
        "/api/settings/wordings",
        { kind: "claim_code", language: "st", text, version, reason: "a test" },
        actor,
      );
    const inUse = async () => {
      const { wordings } = (await read("/api/settings")) as { wordings: Wording[] };
      return wordings.find(({ kind, language }) => kind === "claim_code" && language === "st");
    };
    expect((await put("Code {code}.", null, "Thabo")).status).toBe(200);
    expect(await put("Votre code {code}.", null, "Mpho")).toMatchObject({
      status: 409,
      body: { error: { kind: "stale", details: { said: { by: expect.stringContaining("Thabo") } } } },
    });
    expect(await inUse()).toMatchObject({ text: "Code {code}." });
    expect((await put("Votre code {code}.", (await inUse())?.version ?? null, "Mpho")).status).toBe(200);
  });

  it("as a rate in dollars is set by the first, and with it nothing of the second's file", async () => {
    type Rate = { validFrom: string; usdPerUnit: string; version: number | null };
    const rates = async () => ((await read("/api/usd-rates")) as { rates: Rate[] }).rates;
    const on = async (day: string) => (await rates()).find(({ validFrom }) => validFrom === day);
    const put = (usdPerUnit: string, days: [string, number | null][], actor: string) =>
      operator(
        "POST",
        "/api/usd-rates",
        {
          rates: days.map(([validFrom, version]) => ({ validFrom, usdPerUnit, source: "a bank", version })),
          reason: "the month's average",
        },
        actor,
      );
    expect((await put("0.0571", [["2026-02-02", null]], "Thabo")).status).toBe(200);
    const second: [string, number | null][] = [
      ["2026-02-01", null],
      ["2026-02-02", null],
    ];
    expect(await put("0.0600", second, "Mpho")).toMatchObject({
      status: 409,
      body: {
        error: {
          kind: "stale",
          details: { said: { by: expect.stringContaining("Thabo"), reason: "the month's average" } },
        },
      },
    });
    expect([(await on("2026-02-02"))?.usdPerUnit, await on("2026-02-01")]).toEqual(["0.0571000000", undefined]);
    const now = (await on("2026-02-02"))?.version ?? null;
    expect(
      (
        await put(
          "0.0600",
          [
            ["2026-02-01", null],
            ["2026-02-02", now],
          ],
          "Mpho",
        )
      ).status,
    ).toBe(200);
    expect((await on("2026-02-02"))?.usdPerUnit).toBe("0.0600000000");
  });
});

describe("how long is kept what is only kept for a time", () => {
  const path = "/api/settings/retention";
  const days = { mailboxDays: 60, claimCodeDays: 3, sessionDays: 90 };

  it("is set within its bounds over what was read, with who and why, and says what it was", async () => {
    const read = async () => (await operator("GET", path, undefined)).body as { version: number | null };
    const { version } = await read();
    for (const wrong of [
      { mailboxDays: 1 },
      { mailboxDays: 30 },
      { claimCodeDays: 91 },
      { sessionDays: 30.5 },
      { sessionDays: null },
    ])
      expect(
        (await operator("PUT", path, { ...days, ...wrong, version, reason: "x" })).status,
        JSON.stringify(wrong),
      ).toBe(400);
    expect((await operator("PUT", path, { ...days, version, reason: "agreed" }, "Thabo")).status).toBe(200);
    expect((await operator("PUT", path, { ...days, sessionDays: 91, version, reason: "late" })).status).toBe(409);
    expect(await read()).toMatchObject({
      retention: days,
      bounds: { mailboxDays: { min: 31 } },
      said: { by: expect.stringContaining("Thabo"), reason: "agreed" },
    });
  });
});
type Wording = { kind: string; language: string; text: string; version: number | null };

describe("a network's word", () => {
  it("finds an SMS of the carrier by its reference, and is refused without the key", async () => {
    const now = Date.now();
    const book = carrierBookOf(country);
    const sms = { id: "carrier-word-1", to: PHONE, content: "hello", template: "payment_receipt", language: null };
    await book.put({ ...sms, account: null, receipt: null, createdAt: now, expiresAt: now + 60_000 }, null, now);
    const limits = { perHourMax: 100, perDayMax: 100, dayStartAt: now - 3_600_000, isQuiet: false };
    const [claimed] = await book.claim(limits, now);
    const word = { phone: `00${PHONE}`, status: "Delivered", reference: claimed?.reference };
    expect((await ask("POST", "/api/sms/delivery-status", word, "a stranger's key")).status).toBe(403);
    expect(await ask("POST", "/api/sms/delivery-status", word)).toMatchObject({
      body: { matched: true, id: "carrier-word-1", cm_status: "Delivered" },
    });
    expect(await rows("SELECT state FROM carrier_sms WHERE id = 'carrier-word-1'")).toEqual([{ state: "delivered" }]);
    const unknown = { ...word, phone: "0026650000999", reference: "99999999" };
    expect(await ask("POST", "/api/sms/delivery-status", unknown)).toMatchObject({ body: { matched: false } });
  });
});
