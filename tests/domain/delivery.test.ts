import { describe, expect, it } from "vitest";
import { type DeliveryFacts, deliveryOf } from "../../src/domain/delivery.ts";

const facts = (over: Partial<DeliveryFacts> = {}): DeliveryFacts => ({
  receivedAt: 1,
  creditedAt: 2,
  credit: null,
  connect: null,
  ...over,
});
const said = (of: DeliveryFacts) => deliveryOf(of).map(({ step, state, at }) => `${step} ${state} ${at}`);

describe("what became of a payment", () => {
  it("is received and credited, and of a light that was on nothing more is said", () => {
    expect(said(facts())).toEqual(["received done 1", "credited done 2"]);
  });

  it("whose claim is not recorded yet was received when it was credited", () => {
    expect(said(facts({ receivedAt: null }))[0]).toBe("received done 2");
  });

  it.each`
    state          | meter                | light
    ${"queued"}    | ${"meter waiting 3"} | ${"light waiting null"}
    ${"published"} | ${"meter done 3"}    | ${"light waiting null"}
    ${"acked"}     | ${"meter done 3"}    | ${"light waiting null"}
    ${"completed"} | ${"meter done 3"}    | ${"light done 4"}
    ${"rejected"}  | ${"meter done 3"}    | ${"light failed null"}
    ${"timed_out"} | ${"meter waiting 3"} | ${"light waiting null"}
  `("with an order that is $state says: $meter, $light", ({ state, meter, light }) => {
    expect(said(facts({ connect: { state, requestedAt: 3, endedAt: 4 } })).slice(2)).toEqual([meter, light]);
  });

  it.each`
    state          | meter
    ${"queued"}    | ${"meter waiting null"}
    ${"sent"}      | ${"meter waiting 3"}
    ${"confirmed"} | ${"meter done 4"}
    ${"blocked"}   | ${"meter failed null"}
    ${"rejected"}  | ${"meter failed 3"}
  `("on its way to the vendor, $state, says: $meter, and nothing of a light nobody sees", ({ state, meter }) => {
    const sentAt = state === "queued" || state === "blocked" ? null : 3;
    const credit = { state, sentAt, confirmedAt: state === "confirmed" ? 4 : null };
    expect(said(facts({ credit })).slice(2)).toEqual([meter]);
  });
});
