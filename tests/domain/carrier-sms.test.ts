import { describe, expect, it } from "vitest";
import {
  afterRequest,
  afterWord,
  CARRIER_PAUSE_MS,
  CARRIER_TRIES_MAX,
  type CarrierState,
  type CarrierVerdict,
  deliveryWord,
  mayLeaveCarrier,
  takeFrom,
} from "../../src/domain/carrier-sms.ts";
import { readCmAnswer } from "../../src/domain/cm-answer.ts";

const NOW = Date.UTC(2026, 10, 3, 12);
const json = (status: number, body: unknown) => ({ status, body: JSON.stringify(body) });
const message = (reference: string, status: string, messageErrorCode = 0) => ({
  ...{ to: "0026650000101", status, reference, parts: 1, messageDetails: null, messageErrorCode },
});

describe("what the carrier's answer says of an SMS that a request named", () => {
  it.each<[string, Parameters<typeof readCmAnswer>[0], CarrierVerdict["kind"]]>([
    ["nobody answered", null, "unknown"],
    ["accepted", json(200, { errorCode: 0, messages: [message("1", "Accepted")] }), "accepted"],
    ["accepted, in other letter case", json(200, { messages: [message("1", "ACCEPTED")] }), "accepted"],
    [
      "accepted under the request's own error",
      json(400, { errorCode: 201, messages: [message("1", "Accepted")] }),
      "accepted",
    ],
    ["rejected with 200", json(200, { messages: [message("1", "Rejected", 303)] }), "rejected"],
    ["rejected with 400", json(400, { messages: [message("1", "Rejected", 303)] }), "rejected"],
    ["an error's number beside another word", json(200, { messages: [message("1", "Queued", 305)] }), "rejected"],
    ["a word that nobody knows", json(200, { messages: [message("1", "Queued")] }), "unknown"],
    ["another SMS only", json(200, { messages: [message("2", "Accepted")] }), "unknown"],
    [
      "accepted and rejected at once",
      json(200, { messages: [message("1", "Rejected", 303), message("1", "Accepted")] }),
      "accepted",
    ],
    ["a list that is null", json(200, { errorCode: 0, messages: null }), "unknown"],
    ["no valid token", json(401, { details: "No valid product token", errorCode: 101 }), "not_taken"],
    ["a wrong door", { status: 404, body: "<html>" }, "not_taken"],
    ["too many requests", { status: 429, body: "" }, "not_taken"],
    ["refused as a whole", json(400, { errorCode: 201, details: "no messages" }), "not_taken"],
    ["400 without a reason", json(400, {}), "unknown"],
    ["a redirect to a page", { status: 302, body: "" }, "unknown"],
    ["a page instead of JSON", { status: 200, body: "<html>sign in</html>" }, "unknown"],
    ["their own fault", { status: 500, body: "" }, "unknown"],
    ["a gateway between that gave up", { status: 504, body: "" }, "unknown"],
  ])("%s: %s", (_, answer, kind) => {
    expect(readCmAnswer(answer, ["1"]).get("1")?.kind).toBe(kind);
  });

  it("is read for each SMS by its own reference, also where that came back as a number", () => {
    const body = { messages: [{ ...message("7", "Rejected", 303), reference: 7 }, message("8", "Accepted")] };
    const read = readCmAnswer(json(200, body), ["7", "8", "9"]);
    expect([...read.values()].map(({ kind }) => kind)).toEqual(["rejected", "accepted", "unknown"]);
  });
});

describe("what an SMS becomes after a request", () => {
  it.each<[CarrierVerdict, number, CarrierState, boolean]>([
    [{ kind: "accepted" }, 1, "accepted", false],
    [{ kind: "rejected", because: "303" }, 1, "rejected", false],
    [{ kind: "not_taken", because: "401" }, 1, "queued", true],
    [{ kind: "not_taken", because: "401" }, CARRIER_TRIES_MAX, "rejected", true],
    [{ kind: "unknown", because: "no answer" }, 1, "unknown", true],
  ])("%j the %i. time: %s", (verdict, tries, state, isFault) => {
    const step = afterRequest(verdict, tries, NOW);
    expect(step).toMatchObject({ state, isFault, nextAt: NOW + CARRIER_PAUSE_MS });
  });
});

describe("which channel has an SMS", () => {
  const ALL: CarrierState[] = [
    ...(["held", "queued", "sending", "accepted", "delivered", "failed"] as const),
    ...(["rejected", "unknown", "expired", "stopped", "moving", "moved"] as const),
  ];
  it.each(ALL.map((state) => [state, state === "queued" || state === "rejected"] as const))(
    "after a request, %s: a phone may have it: %s",
    (state, may) => {
      expect(mayLeaveCarrier({ state, tries: 1, cameFrom: null })).toBe(may);
    },
  );
  it("never gives it back to phones, had one handed it over", () => {
    expect(ALL.filter((state) => mayLeaveCarrier({ state, tries: 1, cameFrom: "ls-north-a" }))).toEqual([]);
  });
  it("does not give away what no request has named yet", () => {
    expect(mayLeaveCarrier({ state: "queued", tries: 0, cameFrom: null })).toBe(false);
  });

  it.each<[string, Parameters<typeof takeFrom>[0], string | null, string]>([
    ["a name that is new", null, "a", "queued"],
    ["the same hand-over again, its answer was lost", { state: "queued", cameFrom: "a" }, "a", "exists"],
    ["the same again after it went", { state: "accepted", cameFrom: null }, null, "exists"],
    ["the same again after a phone got it", { state: "moved", cameFrom: null }, null, "exists"],
    ["the phone that the carrier gave it to", { state: "moved", cameFrom: null }, "b", "refused"],
    ["another phone", { state: "queued", cameFrom: "a" }, "b", "refused"],
  ])("%s", (_, known, from, answer) => {
    expect(takeFrom(known, from)).toBe(answer);
  });
});

describe("a network's word", () => {
  it.each<[CarrierState, string, CarrierState | null]>([
    ["accepted", "Delivered", "delivered"],
    ["unknown", "Accepted", "accepted"],
    ["unknown", "20", "delivered"],
    ["sending", "Delivered", "delivered"],
    ["accepted", "Accepted", null],
    ["delivered", "Accepted", null],
    ["delivered", "Failed", null],
    ["failed", "Accepted", null],
    ["failed", "Delivered", "delivered"],
    ["accepted", "Failed", "failed"],
    ["accepted", "22", "failed"],
    ["accepted", "Rejected", "rejected"],
    ["moved", "Delivered", null],
    ["rejected", "Failed", null],
  ])("of %s, %s: %s", (state, status, becomes) => {
    const word = deliveryWord(status);
    expect(word === null ? "no word" : afterWord(state, word, true)).toBe(becomes);
  });
  it("says nothing where nobody knows it", () => {
    expect(deliveryWord("Read")).toBeNull();
  });
  it("of a rejection that names no SMS fails it, and gives it to no phone: it may be about another", () => {
    expect(afterWord("accepted", "rejected", false)).toBe("failed");
  });
});
