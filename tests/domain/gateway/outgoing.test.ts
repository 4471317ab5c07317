import { expect, it } from "vitest";
import {
  checkOutgoing,
  chooseOffers,
  legacyMessages,
  type Offerable,
  segmentsOf,
  stateFromUpdates,
} from "../../../src/domain/gateway/outgoing.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;
const row = (id: string, over: Partial<Offerable> = {}): Offerable => ({
  id,
  state: "queued",
  createdAt: NOW - 10 * MINUTE,
  expiresAt: NOW + 60 * MINUTE,
  offeredAt: null,
  stateAt: NOW - 10 * MINUTE,
  ...over,
});
const many = (n: number, over: Partial<Offerable> = {}) =>
  Array.from({ length: n }, (_, i) => row(`m${String(i).padStart(3, "0")}`, { createdAt: NOW - 1_000 + i, ...over }));

it("M43: offers at most ten, oldest first, and leaves the rest", () => {
  const { offer } = chooseOffers(many(500).reverse(), NOW);
  expect(offer).toEqual(many(10).map((sms) => sms.id));
});

it("M43: counts what is offered or unsent against the window of ten", () => {
  const held = [
    ...many(6, { state: "offered", offeredAt: NOW - MINUTE }),
    row("u1", { state: "unsent" }),
    row("u2", { state: "unsent" }),
  ];
  expect(chooseOffers([...held, row("q1"), row("q2"), row("q3")], NOW).offer).toEqual(["q1", "q2"]);
});

it.each([
  [4 * MINUTE + 59_999, []],
  [5 * MINUTE, ["a"]],
])("M41, M42: offers again only five minutes after an offer without a word (%d ms)", (age, wanted) => {
  expect(chooseOffers([row("a", { state: "offered", offeredAt: NOW - age })], NOW).offer).toEqual(wanted);
});

it.each(["unsent", "pending", "sent", "delivered", "failed", "expired", "moved"] as const)(
  "M40, M47, M53: never offers one that is %s",
  (state) => {
    expect(
      chooseOffers([row("a", { state, offeredAt: NOW - 13 * 60 * MINUTE, stateAt: NOW - 13 * 60 * MINUTE })], NOW),
    ).toEqual({
      offer: [],
      expired: [],
    });
  },
);

it("gives up the place of a text that was unsent for longer than the phone tries", () => {
  const stuck = many(10, { state: "unsent", stateAt: NOW - 15 * 60 * MINUTE });
  expect(chooseOffers([...stuck, row("q")], NOW).offer).toEqual(["q"]);
});

it("M51: does not offer one past its time, offered before or not", () => {
  const rows = [
    row("a", { expiresAt: NOW }),
    row("b", { state: "offered", offeredAt: NOW - 9 * MINUTE, expiresAt: NOW - 1 }),
  ];
  expect(chooseOffers(rows, NOW)).toEqual({ offer: [], expired: ["a", "b"] });
});

it.each([
  ["M44", "UNSENT PENDING SENT DELIVERED DELIVERED", "delivered"],
  ["M45", "SENT PENDING", "sent"],
  ["M45", "DELIVERED SENT", "delivered"],
  ["M46", "PENDING UNSENT PENDING SENT", "sent"],
  ["M46", "FAILED UNSENT", "unsent"],
  ["M46", "FAILED UNSENT SENT", "sent"],
  ["M47", "UNSENT PENDING FAILED", "failed"],
])("%s: %s comes to %s", (_, log, wanted) => {
  const updates = log.split(" ").map((status) => ({ status: status as "SENT" }));
  expect(stateFromUpdates(updates)).toBe(wanted);
});

it.each([
  ["+26650000101", "hello", null],
  ["131", "hello", null],
  ["MPESA", "hello", "to"],
  ["*144#", "hello", "to"],
  ["+266 5000", "hello", "to"],
  ["", "hello", "to"],
  // Nobody's: it stands where the phone of somebody who was erased stood.
  ["00000000", "hello", "to"],
  ["+00000000", "hello", "to"],
  ["26650000101", "", "content"],
  ["26650000101", " \n", "content"],
  ["26650000101", "x\uD83D", "content"],
  ["26650000101", "a".repeat(1_530), null],
  ["26650000101", "a".repeat(1_531), "segments"],
  ["26650000101", "ع".repeat(671), "segments"],
])("checks what may go to a phone: to %j", (to, content, wanted) => {
  const checked = checkOutgoing({ id: "a", to, content });
  expect(checked.ok ? null : checked.error.kind).toBe(wanted);
});

it("counts parts as the network does", () => {
  expect(["a".repeat(160), "a".repeat(161), "€".repeat(81), "é".repeat(70), "ê".repeat(71)].map(segmentsOf)).toEqual([
    1, 2, 2, 1, 2,
  ]);
});

it("reads the old system's SMS in both shapes, and skips what a phone could not take", () => {
  expect(
    legacyMessages(
      '{"messages":[{"id":7,"to":"266 500-00","content":"x"},null,{"to":"1"},{"id":"a","to":1,"content":2}]}',
    ),
  ).toEqual([
    { id: "7", to: "26650000", content: "x" },
    { id: "a", to: "1", content: "2" },
  ]);
  expect(legacyMessages('{"payload":{"messages":[{"uuid":"u","to":"1","message":"m"}]}}')).toEqual([
    { id: "u", to: "1", content: "m" },
  ]);
  for (const body of ["", "null", "[]", "<html>", '{"messages":"x"}', '{"messages":null}'])
    expect(legacyMessages(body)).toEqual([]);
});
