import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withClient } from "../../dev/database-server.ts";
import { neonCampaigns } from "../../src/adapters/neon/campaigns.ts";
import { neonCarrierBook } from "../../src/adapters/neon/carrier-sms.ts";
import { connect, type Database } from "../../src/adapters/neon/database.ts";
import { type Audience, CAMPAIGN_ALONE_MAX, type CampaignTexts } from "../../src/domain/campaign.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { Campaigns } from "../../src/ports/campaigns.ts";
import type { ClaimedSms } from "../../src/ports/carrier.ts";
import { findCampaign } from "../../src/queries/campaigns.ts";
import { type FreshDatabase, freshDatabase } from "./database.ts";
import { NOON, seed } from "./rows.ts";

const ALL: Audience = { sites: [], customerType: null, language: null };
const TEXTS: CampaignTexts = { st: "Letsatsi la Sontaha motlakase o tla tima.", en: "No power on Sunday: works." };
const HOUR_MS = 3_600_000;
let database: FreshDatabase;
let db: Database;
let campaigns: Campaigns;

beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.appUrl, database.sqlUrl);
  await seed(database.ownerUrl);
  // Only those of this test.
  await owner("UPDATE customers SET withdrawn_at = now()");
  campaigns = neonCampaigns(db, COUNTRIES.LS);
});
afterEach(() => database.drop());

const owner = (query: string) => withClient(database.ownerUrl, (client) => client.query(query));
/** Customers with a live account each at MAK. */
const people = async (rows: [phones: string, language: string | null][]) => {
  for (const [index, [phones, language]] of rows.entries()) {
    const number = String(5_000 + index);
    await owner(`WITH c AS (INSERT INTO customers (customer_key, name, phones, language, site_code)
        VALUES ('t${number}', 'Test ${number}', '{${phones}}', ${language === null ? "NULL" : `'${language}'`}, 'MAK') RETURNING id)
      INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version, opened_at)
      SELECT '${number}MAK', 'MAK', id, 'live', 0, now() FROM c`);
  }
};
const by = (actor: string) => ({ actor, reason: "a test", at: NOON });
const order = (over: object = {}) => ({
  ...{ key: "Lineo:works-1", name: "Works on Sunday", audience: ALL, texts: TEXTS, partPriceMinor: 30, ...over },
});
const found = () => findCampaign(db, { key: "Lineo:works-1" });
const claim = (now = NOON, over = {}): Promise<ClaimedSms[]> =>
  neonCarrierBook(db).claim(
    { perHourMax: 100, perDayMax: 1_000, dayStartAt: NOON - 14 * HOUR_MS, isQuiet: false, ...over },
    now,
  );

describe("a campaign", () => {
  it("counts each number once, in its language, without who opted out or has no phone", async () => {
    await people([
      ["26650000201", "en"],
      ["26650000202", "st"],
      ["26650000203", null],
      ["26650000203", "en"],
      ["26650000204", "fr"],
      ["26650000205", "en"],
      ["", "en"],
    ]);
    await owner(
      "INSERT INTO sms_opt_outs VALUES ('26650000205', 'sms', now(), NULL), ('26650000201', 'sms', now(), now())",
    );
    expect(await campaigns.count(ALL, TEXTS)).toEqual({
      ...{ recipients: 4, parts: 4, optedOut: 1, withoutPhone: 1 },
      texts: [
        { language: "en", recipients: 1, parts: 1 },
        { language: "st", recipients: 3, parts: 1 },
      ],
    });
    expect(await campaigns.count({ ...ALL, sites: ["KET"] }, TEXTS)).toMatchObject({ recipients: 0 });
    expect(await campaigns.count({ ...ALL, language: "en" }, TEXTS)).toMatchObject({ recipients: 2 });
  });

  it("is proposed once, sends nothing until it is started, then each number once, and says so in the audit", async () => {
    await people([
      ["26650000201", "en"],
      ["26650000202", "st"],
    ]);
    for (let twice = 0; twice < 2; twice++)
      expect(await campaigns.propose(order(), by("Lineo"))).toMatchObject({ ok: true });
    for (const other of [{ name: "another" }, { texts: { st: "another" } }, { audience: { ...ALL, sites: ["MAK"] } }])
      expect(await campaigns.propose(order(other), by("Lineo"))).toMatchObject({ error: { kind: "exists" } });
    const campaign = await found();
    expect(campaign).toMatchObject({
      state: "proposed",
      recipients: 2,
      parts: 2,
      counts: { held: 2 },
      name: "Works on Sunday",
    });
    expect(await claim()).toEqual([]);
    const id = campaign?.campaignId ?? 0;
    await campaigns.start(id, by("Lineo"));
    await campaigns.start(id, by("Lineo"));
    const sent = await claim();
    expect(sent.map(({ to, content }) => [to, content]).toSorted()).toEqual([
      ["+26650000201", TEXTS.en],
      ["+26650000202", TEXTS.st],
    ]);
    expect(await claim()).toEqual([]);
    expect(await found()).toMatchObject({ state: "running", counts: { sending: 2 }, partsSent: 2 });
    const acts = await db.read("SELECT actor, action FROM mutations WHERE subject_kind = 'campaign' ORDER BY seq");
    expect(acts).toEqual([
      { actor: "Lineo", action: "campaign.propose" },
      { actor: "Lineo", action: "campaign.start" },
    ]);
  });

  it("of nobody is refused with the number, and an unknown one names itself", async () => {
    expect(await campaigns.propose(order(), by("Lineo"))).toMatchObject({
      error: { kind: "refused", detail: "recipients: 0; expected 1 to 5000" },
    });
    expect(await campaigns.start(99, by("Lineo"))).toMatchObject({ error: { kind: "unknown", detail: "campaign 99" } });
  });

  it("of more than a hundred is started by a second person, whoever else says what", async () => {
    await people([["26650000201", "en"]]);
    await owner(`INSERT INTO customers (customer_key, name, phones, site_code)
        SELECT 'm' || n, 'Test ' || n, ARRAY[(26651000000 + n)::text], 'MAK' FROM generate_series(1, ${CAMPAIGN_ALONE_MAX}) n`);
    await owner(`INSERT INTO accounts (account_number, site_code, customer_id, status, facts_version, opened_at)
        SELECT lpad((6000 + c.id)::text, 4, '0') || 'MAK', 'MAK', c.id, 'live', 0, now() FROM customers c WHERE customer_key LIKE 'm%'`);
    await campaigns.propose(order(), by("Lineo"));
    const id = (await found())?.campaignId ?? 0;
    for (const same of ["Lineo", " lIN EO ", "Ｌineo"])
      expect(await campaigns.start(id, by(same))).toMatchObject({ error: { kind: "refused" } });
    expect(await found()).toMatchObject({ state: "proposed", recipients: CAMPAIGN_ALONE_MAX + 1 });
    await expect(
      owner(`UPDATE campaigns SET state = 'running', started_by = created_by WHERE id = ${id}`),
    ).rejects.toThrow("campaigns_two_people");
    expect(await campaigns.start(id, by("Thabo"))).toMatchObject({ ok: true });
  });

  it("that is stopped sends nothing more, and is not started again", async () => {
    await people([
      ["26650000201", "en"],
      ["26650000202", "en"],
    ]);
    await campaigns.propose(order(), by("Lineo"));
    const id = (await found())?.campaignId ?? 0;
    await campaigns.start(id, by("Lineo"));
    expect(await claim(NOON, { perHourMax: 1, perDayMax: 1 })).toEqual([]);
    expect(await claim(NOON, { perHourMax: 2, perDayMax: 1 })).toHaveLength(1);
    await campaigns.stop(id, by("Thabo"));
    expect(await found()).toMatchObject({ state: "stopped", stoppedBy: "Thabo", counts: { sending: 1, stopped: 1 } });
    expect(await claim(NOON + HOUR_MS + 1)).toEqual([]);
    expect(await campaigns.start(id, by("Lineo"))).toMatchObject({ error: { kind: "exists" } });
  });

  it("reaches nobody who opted out after it was proposed, and nobody at night", async () => {
    await people([
      ["26650000201", "en"],
      ["26650000202", "en"],
    ]);
    await campaigns.propose(order(), by("Lineo"));
    await campaigns.start((await found())?.campaignId ?? 0, by("Lineo"));
    await owner("INSERT INTO sms_opt_outs VALUES ('26650000202', 'sms', now(), NULL)");
    expect(await claim(NOON, { isQuiet: true })).toEqual([]);
    expect((await claim()).map(({ to }) => to)).toEqual(["+26650000201"]);
    expect(await found()).toMatchObject({ counts: { sending: 1, stopped: 1 } });
  });
});
