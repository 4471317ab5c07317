import { beforeAll, describe, expect, it } from "vitest";
import type { OutboxRow } from "../../src/domain/outbox.ts";
import { accountLocator, receiptBookOf, tillOf } from "../../workers/objects/locate.ts";
import { processorFor } from "../../workers/ports.ts";
import { facts, openCountry, settings } from "./country.ts";
import { TestPhone } from "./mailbox-phone.ts";

/** Payments across both protocols, put through real Mailboxes, till, shards and accounts. */
const TILL = "till-a";

beforeAll(async () => {
  await openCountry(["0901MAK", "0902MAK", "0903MAK", "0904MAK", "0905MAK"].map((account) => facts(account)));
  await tillOf(settings, TILL).configure({
    tillId: TILL,
    name: "Shop",
    currency: "LSL",
    senders: ["MPESA"],
    caps: { paymentMinorMax: 1e6, accountDayMinorMax: 1e7, tillDayMinorMax: 1e9, chainBreakMinorMax: 1e6 },
    utcOffsetMinutes: 120,
    version: 1,
  });
});

async function phone(name: string) {
  const made = new TestPhone(name);
  made.now = Date.now();
  made.process = (sms) => processorFor(settings).process(sms);
  await made.install();
  await made.stub.configure(made.facts({ tillId: TILL }));
  return made;
}

const today = () => {
  const local = new Date(Date.now() + 2 * 3_600_000);
  return `${local.getUTCDate()}/${local.getUTCMonth() + 1}/${local.getUTCFullYear() % 100} at 12:01 AM`;
};
const text = (receipt: string, account: string, amount = "20.00") =>
  `${receipt} Confirmed. on ${today()} M${amount} received from 26650000102 - Palesa Sample 26650000102.New M-Pesa balance is M900.00 Reference: ${account}.`;

let ids = 0;
const medic = async (through: TestPhone, content: string, from = "MPESA") => {
  const sms = { id: `across-${++ids}`, from, content, sms_sent: 0, sms_received: Date.now() };
  const response = await through.post({ messages: [sms], updates: [] });
  expect(response.status).toBe(200);
  await through.alarm();
};
const smssync = async (through: TestPhone, content: string) => {
  const form = new URLSearchParams({
    from: "MPESA",
    message: content,
    message_id: `across-${++ids}`,
    sent_timestamp: "0",
  });
  const path = `/api/sms/incoming/${through.id}.${through.token}`;
  const response = await through.request({ method: "POST", body: form, headers: { Authorization: "" } }, path);
  expect(response.status).toBe(200);
  await through.alarm();
};

const balance = async (account: string) => {
  const view = await accountLocator(settings, account).view(account);
  return view === null || view === "not_ready" ? view : view.balanceWh;
};
const rows = async (stub: { copyBatch(max: number): Promise<{ row: OutboxRow }[]> }) =>
  (await stub.copyBatch(500)).map(({ row }) => row);
const stateOf = async (receipt: string) => {
  const state = await receiptBookOf(settings, receipt).state(receipt);
  if (state === "not_ready") throw new Error("not ready");
  return state;
};

describe("payments across both protocols", () => {
  it("P01: the same SMS through a Medic and an SMSSync phone is two SMS rows and one payment", async () => {
    const [one, two] = [await phone("medic"), await phone("sync")];
    const content = text("ACROSS0P01", "0901MAK");
    await medic(one, content);
    await smssync(two, content);
    for (const each of [one, two])
      expect((await rows(each.stub)).filter((row) => row.kind === "sms_inbound")).toHaveLength(1);
    expect(await balance("0901MAK")).toBe(4_000);
  });

  it("P02: the same receipt with another amount is one payment and a case, and the second is never credited", async () => {
    const one = await phone("conflict");
    await medic(one, text("ACROSS0P02", "0902MAK"));
    await medic(one, text("ACROSS0P02", "0902MAK", "99.00"));
    expect(await balance("0902MAK")).toBe(4_000);
    const owed = await rows(receiptBookOf(settings, "ACROSS0P02"));
    expect(owed.some((row) => row.kind === "case" && row.caseKind === "receipt_conflict")).toBe(true);
  });

  it("P03: a receipt that differs only in case and spaces is the same payment", async () => {
    const one = await phone("spelling");
    await medic(one, text("ACROSS0P03", "0903MAK"));
    await medic(one, text("across0p03 ", "0903MAK"));
    expect(await balance("0903MAK")).toBe(4_000);
  });

  it("P04: a payment-shaped text from an ordinary number is never credited by itself", async () => {
    const one = await phone("forged");
    await medic(one, text("ACROSS0P04", "0904MAK"), "26650000199");
    expect(await balance("0904MAK")).toBe(0);
    expect(await stateOf("ACROSS0P04")).toBeNull();
    expect((await rows(one.stub)).filter((row) => row.kind === "suspense_case")).toMatchObject([{ state: "open" }]);
  });

  it("P05: a reversal before its payment holds the payment when it comes, once", async () => {
    const one = await phone("reversal");
    const reversal = `ACROSS0P05 Confirmed. Transaction ACROSS0P05 of M20.00 from 26650000102 has been reversed on ${today()}. New M-Pesa balance is M880.00`;
    await medic(one, reversal);
    await medic(one, text("ACROSS0P05", "0905MAK"));
    await medic(one, text("ACROSS0P05", "0905MAK"));
    expect(await balance("0905MAK")).toBe(0);
    const state = await stateOf("ACROSS0P05");
    expect(state).toMatchObject({ blocked: true, amountMinor: 2_000 });
    expect(state?.shares.map(({ holder }) => holder.kind)).toEqual(["suspense"]);
  });

  it("P06: a payment whose account nobody can vouch for is acknowledged, and credits nobody", async () => {
    const one = await phone("nobody");
    // This country's database is down: the text waits in its Mailbox, and is neither lost nor guessed.
    await medic(one, text("ACROSS0P06", "0999MAK"));
    expect(await stateOf("ACROSS0P06")).toBeNull();
    expect(await one.stub.view()).toMatchObject({ unprocessed: 1 });
  });
});
