import { beforeAll, describe, expect, it } from "vitest";
import { registryOf } from "../../workers/ports.ts";
import { carrierBookOf } from "../../workers/sms-channels.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, rows } from "./country.ts";

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
  it("opens one ticket a day, and none where it was a text", async () => {
    await ask("GET", `${path}&because=keyword`);
    expect(await tickets()).toEqual([]);
    expect((await ask("GET", path, undefined, "a stranger's key")).status).toBe(403);
    expect(await tickets()).toEqual([]);
    await ask("GET", path);
    await ask("GET", path);
    expect(await tickets()).toMatchObject([{ source: "sms" }]);
  });
});

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
