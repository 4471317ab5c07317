import { describe, expect, it, vi } from "vitest";
import { heardBy, type OnCallState } from "../../dev/on-call.ts";
import { tellingOf } from "../../src/domain/alarm-telling.ts";
import { type OnCall, onCallFaults, readOnCall } from "../../src/domain/on-call.ts";
import type { OutgoingSms } from "../../src/ports/mailboxes.ts";
import { channelsOf, type OnCallPorts, TRY_MS_MAX, tellBy } from "../../src/services/tell-on-call.ts";

const NOON = Date.UTC(2026, 10, 29, 12);
const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const onCall: OnCall = {
  phones: ["26650000991", "26650000992"],
  hook: { url: "https://on-call.example.org/", secret },
};
const telling = tellingOf("raised", { name: "dead_letters", value: 2, subject: null }, NOON, NOON);

const MINUTE = 60_000;
type PhoneSeen = { phoneId: string; silentMinutes?: number; channel?: "electricity" | "fees"; revoked?: boolean };

function world({ phones = [{ phoneId: "phone-a" }] as PhoneSeen[], isWell = true } = {}) {
  const sent: { phoneId: string; sms: OutgoingSms }[] = [];
  const kept: string[] = [];
  const receiver: OnCallState = { secret, isWell, heard: [] };
  const ports: OnCallPorts = {
    country: "LS",
    gate: {
      phones: async () =>
        phones.map(({ phoneId, silentMinutes = 0, channel = "electricity", revoked = false }) => ({
          ...{ phoneId, tillId: "till-a", channel, lastPollAt: NOON - silentMinutes * MINUTE },
          ...{ oldestUnprocessedAt: null, revoked },
        })),
    },
    enqueue: async (phoneId, sms) => {
      const isKnown = sent.some((each) => each.sms.id === sms.id);
      if (!isKnown) sent.push({ phoneId, sms });
      return { status: isKnown ? "exists" : "queued" };
    },
    keepPhone: async (id, channel, phoneId) => void kept.push([id, channel, phoneId].join(" ")),
    post: async (_, headers, body) => {
      const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      return { status: heardBy(receiver, lower, body, NOON / 1_000).status };
    },
    now: () => NOON,
  };
  return { sent, kept, receiver, ports };
}

describe("whoever is on call", () => {
  it("is told by SMS at each number, once however often it is sent", async () => {
    const { sent, ports } = world();
    for (const channel of [...channelsOf(onCall), ...channelsOf(onCall)])
      expect(await tellBy(channel, telling, onCall, ports)).toBe(true);
    expect(sent.map(({ sms }) => [sms.to, sms.content])).toEqual([
      ["26650000991", "1PWR LS ALARM: dead_letters 2. Runbook: operations.md"],
      ["26650000992", "1PWR LS ALARM: dead_letters 2. Runbook: operations.md"],
    ]);
  });

  it("hears by a signed webhook what it is, and knows a repeat by its id", async () => {
    const { receiver, ports } = world();
    await tellBy("webhook", telling, onCall, ports);
    await tellBy("webhook", telling, onCall, ports);
    expect(receiver.heard.map(({ how, id }) => [how, id])).toEqual([
      ["again", telling.id],
      ["new", telling.id],
    ]);
    expect(receiver.heard[1]?.body).toMatchObject({
      type: "alarm.raised",
      data: { country: "LS", name: "dead_letters", value: 2, raisedAt: NOON },
    });
  });

  it("takes nothing that another secret signed, or that is old", () => {
    const other = { secret: `whsec_${Buffer.alloc(24, 8).toString("base64")}`, isWell: true, heard: [] };
    const headers = { "webhook-id": "a", "webhook-timestamp": "0", "webhook-signature": "v1,AAAA" };
    expect(heardBy(other, headers, "{}", NOON / 1_000).status).toBe(401);
  });

  it.each<[string, PhoneSeen[], string | null]>([
    [
      "the phone that came last",
      [
        { phoneId: "phone-a", silentMinutes: 19 },
        { phoneId: "phone-b", silentMinutes: 1 },
      ],
      "phone-b",
    ],
    [
      "another than the silent one, also one of fees",
      [
        { phoneId: "phone-a", silentMinutes: 21 },
        { phoneId: "phone-f", channel: "fees", silentMinutes: 3 },
      ],
      "phone-f",
    ],
    ["no phone that is silent: it waits for one", [{ phoneId: "phone-a", silentMinutes: 21 }], null],
    ["no phone that was revoked", [{ phoneId: "phone-a", revoked: true }], null],
  ])("is told by SMS through %s", async (_, phones, wanted) => {
    const { sent, ports } = world({ phones });
    const silent = { ...telling, name: "silent_phone" as const };
    expect(await tellBy("sms1", silent, onCall, ports)).toBe(wanted !== null);
    expect(sent.map(({ phoneId }) => phoneId)).toEqual(wanted === null ? [] : [wanted]);
  });

  it("is told through the phone that was kept with the telling while it is healthy, and another only then", async () => {
    const phones = [{ phoneId: "phone-a", silentMinutes: 5 }, { phoneId: "phone-b" }];
    const { sent, kept, ports } = world({ phones });
    await tellBy("sms1", { ...telling, via: { sms1: "phone-a" } }, onCall, ports);
    await tellBy("sms2", { ...telling, via: { sms1: "phone-a" } }, onCall, ports);
    expect(sent.map(({ phoneId, sms }) => [phoneId, sms.to])).toEqual([
      ["phone-a", "26650000991"],
      ["phone-b", "26650000992"],
    ]);
    expect(kept).toEqual([`${telling.id} sms2 phone-b`]);
    const silent = world({ phones: [{ phoneId: "phone-a", silentMinutes: 21 }, { phoneId: "phone-b" }] });
    await tellBy("sms1", { ...telling, via: { sms1: "phone-a" } }, onCall, silent.ports);
    expect(silent.sent.map(({ phoneId }) => phoneId)).toEqual(["phone-b"]);
  });

  it("is told through another phone after three minutes of one that polls and takes nothing", async () => {
    const phones = [{ phoneId: "phone-a", silentMinutes: 1 }, { phoneId: "phone-b" }];
    const through = async (minutes: number) => {
      const { sent, ports } = world({ phones });
      const since = { ...telling, at: NOON - minutes * MINUTE, via: { sms1: "phone-a" } };
      await tellBy("sms1", since, onCall, ports);
      return sent.map(({ phoneId }) => phoneId);
    };
    expect(await through(3)).toEqual(["phone-a"]);
    expect(await through(4)).toEqual(["phone-b"]);
  });

  it("is told where the phone cannot be kept: twice is better than never", async () => {
    const { sent, ports } = world();
    const failing = { ...ports, keepPhone: () => Promise.reject(new Error("down")) };
    expect(await tellBy("sms1", telling, onCall, failing)).toBe(true);
    expect(sent).toHaveLength(1);
  });

  it("by webhook hears nothing of phones", async () => {
    const { receiver, ports } = world();
    await tellBy("webhook", { ...telling, via: { sms1: "phone-a" } }, onCall, ports);
    expect(JSON.stringify(receiver.heard[0]?.body)).not.toContain("phone-a");
  });

  it.each<[string, (ports: OnCallPorts) => OnCallPorts]>([
    ["the list of phones", (ports) => ({ ...ports, gate: { phones: () => new Promise(() => {}) } })],
    ["the phone's object", (ports) => ({ ...ports, enqueue: () => new Promise(() => {}) })],
  ])("is not told by a look in which %s hangs: it ends after five seconds", async (_, hanging) => {
    vi.useFakeTimers();
    try {
      const tried = tellBy("sms1", telling, onCall, hanging(world().ports));
      await vi.advanceTimersByTimeAsync(TRY_MS_MAX);
      expect(await tried).toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });

  it("gets an SMS that waited for a phone for hours with as long to go as any other", async () => {
    const { sent, ports } = world();
    await tellBy("sms1", { ...telling, at: NOON - 20 * 60 * MINUTE }, onCall, ports);
    expect(sent[0]?.sms.expiresAt).toBeGreaterThan(NOON + 60 * MINUTE);
  });

  it("that does not answer, has no phone to be told by or no such number, waits for the next look", async () => {
    expect(await tellBy("webhook", telling, onCall, world({ isWell: false }).ports)).toBe(false);
    expect(await tellBy("sms1", telling, onCall, world({ phones: [] }).ports)).toBe(false);
    expect(await tellBy("sms3", telling, onCall, world().ports)).toBe(false);
    expect(await tellBy("webhook", telling, { ...onCall, hook: null }, world().ports)).toBe(false);
    const { ports } = world();
    const silent = { ...ports, post: () => Promise.reject(new Error("no answer")) };
    expect(await tellBy("webhook", telling, onCall, silent)).toBe(false);
  });
});

describe("the settings of who is on call", () => {
  const none = { phones: undefined, url: undefined, secret: undefined, isLaptop: false };
  it("may be none, and then nobody is told", () => {
    expect(onCallFaults(none)).toEqual([]);
    expect(channelsOf(readOnCall(none))).toEqual([]);
    expect(channelsOf(readOnCall({ ...none, phones: " 26650000991 , 26650000992 " }))).toEqual(["sms1", "sms2"]);
  });
  it.each([
    ["a number that is none", { phones: "26650000991,home" }, "ON_CALL_PHONES"],
    ["six numbers", { phones: Array(6).fill("26650000991").join(",") }, "ON_CALL_PHONES"],
    ["an address without a secret", { url: "https://a.example.org/" }, "come together"],
    ["a secret without an address", { secret }, "come together"],
    ["an address of an inner network", { url: "https://127.0.0.1/", secret }, "ON_CALL_URL"],
    ["a bare address", { url: "http://a.example.org/", secret }, "ON_CALL_URL"],
    ["a short secret", { url: "https://a.example.org/", secret: "whsec_AAAA" }, "ON_CALL_SECRET"],
  ])("are refused with %s, and the fault does not repeat it", (_, over, named) => {
    const faults = onCallFaults({ ...none, ...over });
    expect(faults.join()).toContain(named);
    expect(faults.join()).not.toMatch(/home|AAAA|26650000991/);
  });
});
