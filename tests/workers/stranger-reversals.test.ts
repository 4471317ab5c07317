import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { paymentSms, SampleTill } from "../../dev/samples.ts";
import { gateOf, receiptBookOf } from "../../workers/objects/locate.ts";
import { facts, openCountry, settings } from "./country.ts";
import { MINUTE } from "./mailbox-phone.ts";
import { balanceWh, type ShopPhone, TillWorld, viewOf, whoHas } from "./till-world.ts";

/** 5.00 a kWh: 2 Wh a minor unit. The database is down throughout. */
const PAID_WH = 10_000;
const ACCOUNTS = ["0881MAK", "0882MAK", "0883MAK", "0884MAK", "0885MAK", "0886MAK", "0887MAK"];
const STRANGER = "26650000199";

beforeAll(() => openCountry(ACCOUNTS.map((account) => facts(account))));

let seed = 900;

async function shop(tillId: string, withTill = true) {
  const world = new TillWorld();
  if (withTill) await world.till(tillId);
  const wallet = new SampleTill({ operator: "mpesa", seed: ++seed });
  const phone = await world.phone(tillId);
  const pay = async (account: string) => {
    world.now += MINUTE;
    const { sms, payment } = wallet.pay({ account, amountMinor: 5_000, at: world.now });
    await phone.brings(sms);
    return payment.receipt;
  };
  return { world, phone, pay };
}

/** The form that every customer of the operator knows; `no` makes it another text. */
const takenBack = (receipt: string, no = 1) =>
  `07XX0TESTE0${no} Confirmed. Transaction ${receipt} of M50.00 has been reversed.`;
const blockedOf = async (receipt: string) => {
  const state = await receiptBookOf(settings, receipt).state(receipt);
  return state === null || state === "not_ready" ? state : state.blocked;
};
const heldOf = (account: string) => gateOf(env).heldFor({ account, phones: [] });
const casesOf = async ({ box }: ShopPhone) =>
  (await box.owed("case")).filter(({ caseKind }) => caseKind === "stranger_reversal");
const resultsOf = async ({ box }: ShopPhone) =>
  (await box.owed("sms_result")).filter(({ outcome }) => outcome === "reversal").map(({ because }) => because);
const freed = (receipt: string) =>
  receiptBookOf(settings, receipt).unblock({ receipt, actor: "Lineo", reason: "forged", at: Date.now() });

describe("a text by which somebody who is not the operator takes a payment back", () => {
  it.each([STRANGER, "M-PESA", "МPESA", "+266199"])(
    "blocks no receipt and holds no account when it comes from %s",
    async (from) => {
      const { phone, pay } = await shop(`stranger-${++seed}`);
      const receipt = await pay("0881MAK");
      const before = await balanceWh("0881MAK");
      await phone.brings({ from, content: takenBack(receipt) });
      await phone.brings({ from, content: `${takenBack(receipt, 2)} New M-Pesa balance is M66,000.00` });
      expect(await blockedOf(receipt)).toBe(false);
      expect(await whoHas(receipt)).toBe("0881MAK");
      expect(await balanceWh("0881MAK")).toBe(before);
      expect(await heldOf("0881MAK")).toEqual([]);
      expect(await resultsOf(phone)).toEqual(["sender", "sender"]);
    },
  );

  it("puts nobody in the dark who pays after it", async () => {
    const { world, phone } = await shop("stranger-first");
    await phone.brings({ from: STRANGER, content: takenBack("STRANGER02") });
    world.now += MINUTE;
    const paid = { account: "0882MAK", amountMinor: 5_000, receipt: "STRANGER02", balanceMinor: 90_000 };
    await phone.brings(paymentSms("mpesa", { ...paid, phone: "26650000101", name: "Thabo Sample", at: world.now }));
    expect(await whoHas("STRANGER02")).toBe("0882MAK");
    expect(await balanceWh("0882MAK")).toBe(PAID_WH);
  });

  it("is a case that a person sees, one a text through however many phones, and none without a receipt", async () => {
    const { world, phone, pay } = await shop("stranger-case");
    const second = await world.phone("stranger-case");
    const receipt = await pay("0883MAK");
    await phone.brings(
      { from: STRANGER, content: takenBack(receipt) },
      { from: STRANGER, content: takenBack(receipt) },
    );
    await second.bringsBySmsSync({ from: STRANGER, content: takenBack(receipt) });
    await phone.brings({ from: STRANGER, content: "M50.00 from 26650000102 has been reversed." });
    const cases = [...(await casesOf(phone)), ...(await casesOf(second))];
    expect(new Set(cases.map(({ caseKey }) => caseKey)).size).toBe(1);
    expect(cases[0]).toMatchObject({ subject: receipt, state: "open", version: 1 });
    expect(cases[0]?.caseKey).toContain(`stranger_reversal:${receipt}:`);
    // Whose phone it was stands with the text alone.
    expect(JSON.stringify(cases)).not.toContain(STRANGER);
  });

  it("is none where the operator itself says it, in any letter case and with no balance, and no case of a stranger", async () => {
    const { phone, pay } = await shop("stranger-not");
    const receipt = await pay("0884MAK");
    await phone.brings({ from: STRANGER, content: takenBack(receipt) });
    await phone.brings({ from: " mpesa ", content: takenBack(receipt) });
    expect(await blockedOf(receipt)).toBe(true);
    expect(await heldOf("0884MAK")).toEqual([`reversal:${receipt}`]);
    expect(await resultsOf(phone)).toEqual(["sender", "reversal"]);
    expect(await casesOf(phone)).toHaveLength(1);
    expect((await viewOf("stranger-not")).links).toBe(1);
  });

  it("waits with every other text while its till does not know whom it believes, and is judged then", async () => {
    const { world, phone } = await shop("stranger-waits", false);
    await phone.brings(
      { from: STRANGER, content: takenBack("STRANGER05") },
      { from: "MPESA", content: takenBack("STRANGER06") },
    );
    expect(await phone.box.stub.view()).toMatchObject({ unprocessed: 2 });
    await world.till("stranger-waits");
    world.now += 20 * MINUTE;
    await phone.poll();
    expect(await phone.box.stub.view()).toMatchObject({ unprocessed: 0 });
    for (const [receipt, holder] of [
      ["STRANGER05", "0885MAK"],
      ["STRANGER06", "reversal"],
    ] as const) {
      world.now += MINUTE;
      const paid = { account: "0885MAK", amountMinor: 5_000, receipt, balanceMinor: 90_000 };
      await phone.brings(paymentSms("mpesa", { ...paid, phone: "26650000101", name: "Thabo Sample", at: world.now }));
      expect(await whoHas(receipt)).toBe(holder);
    }
  });
});

describe("what the operator says after somebody else's word", () => {
  it("blocks the receipt though a person has closed a forged one, and the same text by another phone does not", async () => {
    const { world, phone, pay } = await shop("stranger-then");
    const second = await world.phone("stranger-then");
    const receipt = await pay("0886MAK");
    // As the release before stored it, which asked no till.
    const forged = { receipt, provider: "mpesa" as const, because: "reversal" as const, at: world.now };
    await receiptBookOf(settings, receipt).block({ ...forged, sightingKey: "sms:old-phone:id-1:f0f0" });
    await freed(receipt);
    expect(await blockedOf(receipt)).toBe(false);
    await phone.brings({ from: "MPESA", content: takenBack(receipt, 3) });
    expect(await blockedOf(receipt)).toBe(true);
    expect(await heldOf("0886MAK")).toEqual([`reversal:${receipt}`]);
    await freed(receipt);
    await second.bringsBySmsSync({ from: "MPESA", content: takenBack(receipt, 3) });
    await receiptBookOf(settings, receipt).block({ ...forged, sightingKey: "sms:second-phone:id-2:f0f0" });
    expect(await blockedOf(receipt)).toBe(false);
  });
});
