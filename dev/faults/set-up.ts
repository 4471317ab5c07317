/** What a batch needs before it plays: the country once a world, then each seed's till, phones and accounts. */
import { setTimeout as wait } from "node:timers/promises";
import { withClient } from "../database-server.ts";
import { asRecord } from "../serve.ts";
import { stepsToLight } from "../steps-to-light.ts";
import type { Lane } from "./lane.ts";
import { siteCodes, vendorOf } from "./names.ts";
import type { PhoneAccess } from "./players.ts";
import type { Script } from "./script.ts";
import { meterOf, siteIdOf } from "./vendor.ts";

const SETUP_TRIES_MAX = 40;
const TRY_PAUSE_MS = 400;
const DAY_MS = 86_400_000;

export async function makeCountry(lane: Lane): Promise<void> {
  await insist(lane, "/init", { cutoverAt: new Date(lane.now() - DAY_MS).toISOString() });
  await insist(lane, "/sites", { sites: siteCodes.map((code) => ({ code, name: code, district: null })) });
  // Long enough ago for the silence after a switch to be over.
  await withClient(lane.ownerUrl, (client) =>
    client.query(
      `INSERT INTO credit_writers (site_code, writer, valid_from, changed_by, reason, facts_version, created_at)
       SELECT code, 'ours', $1, 'faults', 'faults', 1, $1 FROM sites`,
      [new Date(lane.now() - DAY_MS)],
    ),
  );
  for (const site of siteCodes) {
    const vendor = vendorOf(site);
    await insist(lane, "/vendor-sites", { site, vendor, vendorSiteId: siteIdOf(site), reason: "faults" });
    // Changes nothing, and brings the Directory what is written.
    await insist(lane, "/credit-writers", { site, writer: "ours", reason: "faults" });
  }
}

export async function make(lane: Lane, scripts: readonly Script[]): Promise<Map<string, PhoneAccess>> {
  const access = new Map<string, PhoneAccess>();
  const accounts = scripts.flatMap(({ accounts: of, place }) =>
    of.map(({ account, phone, status, thing, atVendor }, index) => ({
      account,
      name: `Customer ${place}-${index}`,
      phone,
      language: "en",
      status,
      meters: atVendor
        ? [{ meterNumber: meterOf(account) }]
        : thing === null
          ? []
          : [{ meterNumber: String(40_000_000 + place * 10 + index), thing }],
    })),
  );
  await insist(lane, "/rates", {
    rates: [{ scope: "global", subject: null, rateE4PerKwh: 50_000, validFrom: "2020-01-01T00:00:00Z" }],
  });
  await insist(lane, "/accounts", { accounts });
  await commission(lane, scripts);
  await indebt(lane, scripts);
  // Told at once and not at the next minute, so that their credits leave while everything fails.
  await insist(lane, "/accounts", { accounts });
  await Promise.all(
    scripts.map(async ({ till, phones, rests }) => {
      await insist(lane, "/tills", { tillId: till, name: till, senders: ["MPESA", "M-PESA", "199"] });
      for (const phoneId of Object.values(phones)) {
        const isContract = rests.contractPhone !== null && phoneId === phones[rests.contractPhone];
        const made = await makePhone(lane, phoneId, till, isContract ? "fees" : "electricity");
        const { token, medicUrl, smssyncUrl } = asRecord(made);
        access.set(phoneId, {
          phoneId,
          token: String(token),
          medicUrl: String(medicUrl),
          smssyncUrl: String(smssyncUrl),
        });
      }
    }),
  );
  return access;
}

/** Those at the vendor have light, without which nothing is sent to their wallets. */
async function commission(lane: Lane, scripts: readonly Script[]) {
  const own = scripts.flatMap(({ accounts }) => accounts.flatMap(({ account, atVendor }) => (atVendor ? account : [])));
  for (const account of own) lane.vendor.add(account);
  const rows = stepsToLight(own, lane.now());
  await insist(lane, "/commissioning/bulk", { rows, mode: "good" });
}

/** Accounts of each seed that owe their connection: one in the dark, whose payments are all fees, and one with light at a vendor. */
const INDEBTED = [1, 4];

async function indebt(lane: Lane, scripts: readonly Script[]) {
  const owing = scripts.flatMap(({ accounts }) => INDEBTED.flatMap((index) => accounts[index]?.account ?? []));
  for (const account of owing)
    await insist(lane, "/fees", { act: "charge", account, part: "connection", reason: "faults" });
}

/** A phone whose first answer was lost is there already: its token is drawn anew. */
async function makePhone(
  lane: Lane,
  phoneId: string,
  tillId: string,
  channel: "electricity" | "fees",
  tries = 1,
): Promise<unknown> {
  const made = await lane.ops("POST", "/phones", { phoneId, name: phoneId, tillId, channel });
  if (made.status === 201) return made.body;
  if (made.status === 409) return insist(lane, `/phones/${phoneId}/rotate`, {});
  if (tries >= SETUP_TRIES_MAX) throw new Error(`phone ${phoneId} was not made: ${made.status}`);
  await wait(TRY_PAUSE_MS);
  return makePhone(lane, phoneId, tillId, channel, tries + 1);
}

export async function insist(lane: Lane, path: string, body: unknown): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const answer = await lane.ops("POST", path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    if (tries >= SETUP_TRIES_MAX || (answer.status >= 400 && answer.status < 500))
      throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`);
    await wait(TRY_PAUSE_MS);
  }
}
