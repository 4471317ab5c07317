import * as fc from "fast-check";
import { expect, it } from "vitest";
import { claimedTime, readMedicPost } from "../../../src/domain/gateway/medic.ts";

const read = (body: unknown) =>
  readMedicPost(new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)));
const value = (body: unknown) => {
  const post = read(body);
  if (!post.ok) throw new Error(post.error.because);
  return post.value;
};

it.each([
  ["0, from a multipart SMS", 0, null],
  ["a negative", -1, null],
  ["1970", 1_000, null],
  ["a phone clock in 2099", Date.UTC(2099, 0, 1), Date.UTC(2099, 0, 1)],
  ["1e18", 1e18, null],
  ["a float", 1_700_000_000_000.7, 1_700_000_000_000],
  ["a numeric string", "1700000000000", 1_700_000_000_000],
  ["a word", "yesterday", null],
  ["nothing", undefined, null],
  ["null", null, null],
])("M26: reads a claimed time that is %s", (_, claimed, wanted) => {
  expect(claimedTime(claimed)).toBe(wanted);
});

it("M26: a senseless time never keeps an SMS out", () => {
  const [item] = value({ messages: [{ id: "a", from: "MPESA", content: "x", sms_sent: "?", sms_received: -5 }] }).items;
  expect(item).toMatchObject({ quarantine: null, claimedSentAt: null, claimedReceivedAt: null });
});

const ODD = [null, undefined, 5, {}, [], true];

it.each(["id", "from", "content"].flatMap((field) => ODD.map((odd) => [field, odd] as const)))(
  "M27: quarantines a message whose %s is %j, and says what was expected",
  (field, odd) => {
    const message = { id: "a", from: "MPESA", content: "text", [field]: odd };
    const { items } = value({ messages: [message, { id: "b", from: "MPESA", content: "good" }] });
    expect(items[0]?.quarantine).toContain(`messages[0].${field} is`);
    expect(items[1]?.quarantine).toBeNull();
  },
);

it.each([[null], [5], ["x"], [[]]])("M27: quarantines the element %j", (element) => {
  const { items } = value({ messages: [element] });
  expect(items).toHaveLength(1);
  expect(items[0]?.quarantine).toContain("expected an object");
  expect(items[0]?.content).toBe(JSON.stringify(element));
});

it.each([
  ["messages an object", { messages: { a: 1 } }],
  ["messages text", { messages: "hello" }],
  ["updates text", { messages: [], updates: "x" }],
])("M28: keeps the whole body when %s", (_, body) => {
  const { items } = value(body);
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ index: null, content: JSON.stringify(body) });
});

it("M28: takes the good part of a body whose other part is odd", () => {
  const { items } = value({ messages: [{ id: "a", from: "MPESA", content: "x" }], updates: 7 });
  expect(items.map((item) => [item.index, item.quarantine === null])).toEqual([
    [0, true],
    [null, false],
  ]);
});

it.each(["", "{", '{"messages":[', "[]", "null", "5", '"x"'])("M29: refuses the body %j", (body) => {
  const post = read(body);
  expect(post.ok).toBe(false);
  if (!post.ok) expect(post.error.because).toContain("expected an object");
});

it("M48, M49: reads updates with and without reason, and leaves out those that say nothing", () => {
  const { updates, updateCount } = value({
    updates: [
      { id: "a", status: "FAILED" },
      { id: "b", status: "FAILED", reason: "r".repeat(5_000) },
      { status: "SENT" },
      { id: "c" },
      { id: "d", status: "WEIRD" },
      null,
    ],
  });
  expect(updateCount).toBe(6);
  expect(updates.map((update) => [update.index, update.id, update.reason?.length ?? null])).toEqual([
    [0, "a", null],
    [1, "b", 5_000],
  ]);
});

it("never throws, whatever the bytes", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => new TextEncoder().encode(text)),
      ),
      (body) => {
        readMedicPost(body);
      },
    ),
  );
});
