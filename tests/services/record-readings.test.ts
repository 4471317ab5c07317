import { describe, expect, it, vi } from "vitest";
import type { Reading, ReadingVerdict } from "../../src/domain/reading.ts";
import { READINGS_MAX, type RecordPorts, recordReadings } from "../../src/services/record-readings.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const MINUTE = 60_000;

const reading = (over: Partial<Reading> = {}): Reading => ({
  meterNumber: "1",
  readAt: NOW - MINUTE,
  registerWh: 1_000,
  powerW: null,
  voltageMv: null,
  currentMa: null,
  frequencyMhz: null,
  connected: true,
  source: "iot",
  ...over,
});

const ACCEPTED: ReadingVerdict = { status: "accepted", because: null };
const ELSEWHERE: ReadingVerdict = { status: "elsewhere" };

/** Meter "1" is on 0001MAK and so on; meter "0" is nowhere. Every account takes what it gets. */
function world(over: { place?: RecordPorts["directory"]["accountsOfMeters"]; read?: RecordPorts["accounts"]["read"] }) {
  const place = vi.fn<RecordPorts["directory"]["accountsOfMeters"]>(
    over.place ??
      (async (asked) =>
        asked.map(({ meterNumber }) => (meterNumber === "0" ? null : `${meterNumber.padStart(4, "0")}MAK`))),
  );
  const read = vi.fn<RecordPorts["accounts"]["read"]>(over.read ?? (async (_, own) => own.map(() => ACCEPTED)));
  const keep = vi.fn<RecordPorts["unmapped"]["keep"]>(async () => []);
  const ports: RecordPorts = { directory: { accountsOfMeters: place }, accounts: { read }, unmapped: { keep } };
  return { ports, place, read, keep };
}

const accepted = (account: string, because: string | null = null) => ({ status: "accepted", account, because });
const UNMAPPED = { status: "unmapped", account: null, because: null };

describe("recordReadings", () => {
  it("asks the Directory once and each account once, and answers in the order of the readings", async () => {
    const { ports, place, read } = world({
      read: async (account, own) =>
        own.map(({ registerWh }) =>
          registerWh > 5_000
            ? { status: "quarantined", because: "absurd" }
            : { status: "accepted", because: account === "0002MAK" ? "gate" : null },
        ),
    });
    const readings = ["1", "2", "0", "1", "2", "1"].map((meterNumber, index) =>
      reading({ meterNumber, readAt: NOW - (9 - index) * MINUTE, registerWh: index === 5 ? 9_000 : 1_000 }),
    );
    expect(await recordReadings(ports, readings, NOW)).toEqual([
      accepted("0001MAK"),
      accepted("0002MAK", "gate"),
      UNMAPPED,
      accepted("0001MAK"),
      accepted("0002MAK", "gate"),
      { status: "quarantined", account: "0001MAK", because: "absurd" },
    ]);
    expect(place).toHaveBeenCalledTimes(1);
    expect(read.mock.calls.map(([account, own]) => [account, own.length])).toEqual([
      ["0001MAK", 3],
      ["0002MAK", 2],
    ]);
  });

  it("routes by when the meter read, and by now when that is ahead of us", async () => {
    const { ports, place } = world({});
    await recordReadings(ports, [reading(), reading({ readAt: NOW + 60 * MINUTE })], NOW);
    expect(place.mock.calls[0]?.[0].map(({ at }) => at)).toEqual([NOW - MINUTE, NOW]);
  });

  it("asks about what an account sends away once more, and takes the new word", async () => {
    let asked = 0;
    const { ports, read, keep } = world({
      place: async (questions) => questions.map(() => (asked++ < 2 ? "0001MAK" : "0009MAK")),
      read: async (account, own) =>
        own.map(({ registerWh }) => (account === "0001MAK" && registerWh > 1_000 ? ELSEWHERE : ACCEPTED)),
    });
    const answers = await recordReadings(ports, [reading(), reading({ registerWh: 2_000 })], NOW);
    expect(answers).toEqual([accepted("0001MAK"), accepted("0009MAK")]);
    expect(read.mock.calls.map(([account, own]) => [account, own.length])).toEqual([
      ["0001MAK", 2],
      ["0009MAK", 1],
    ]);
    expect(keep).not.toHaveBeenCalled();
  });

  it.each([
    ["the Directory names the same account again", () => "0001MAK", 1],
    ["the Directory names none any more", (round: number) => (round === 0 ? "0001MAK" : null), 1],
    ["the other account sends it away too", (round: number) => (round === 0 ? "0001MAK" : "0002MAK"), 2],
  ])("keeps with the unmapped what is nowhere: %s", async (_, account, reads) => {
    let round = 0;
    const { ports, read, keep } = world({
      place: async (questions) => {
        const named = account(round++);
        return questions.map(() => named);
      },
      read: async (_account, own) => own.map(() => ELSEWHERE),
    });
    expect(await recordReadings(ports, [reading()], NOW)).toEqual([UNMAPPED]);
    expect(read).toHaveBeenCalledTimes(reads);
    expect(keep).toHaveBeenCalledWith([reading()]);
  });

  it("keeps with the unmapped what its account does not know, in one call with the rest", async () => {
    const { ports, keep } = world({ read: async () => "unknown" });
    const readings = [reading(), reading({ meterNumber: "0" }), reading({ meterNumber: "2" })];
    expect(await recordReadings(ports, readings, NOW)).toEqual([UNMAPPED, UNMAPPED, UNMAPPED]);
    expect(keep.mock.calls).toEqual([[readings]]);
  });

  it.each([
    ["is not ready", async () => "not_ready" as const],
    ["throws", async () => Promise.reject(new Error("broken stub"))],
    ["leaves one without an answer", async () => []],
  ])("says later for an account that %s, and takes the others", async (_, refuse) => {
    const { ports } = world({
      read: async (account, own) => (account === "0001MAK" ? refuse() : own.map(() => ACCEPTED)),
    });
    const answers = await recordReadings(ports, [reading(), reading({ meterNumber: "2" })], NOW);
    expect(answers).toEqual([{ status: "later" }, accepted("0002MAK")]);
  });

  it.each([
    ["not ready", async () => "not_ready" as const],
    ["broken", async () => Promise.reject(new Error("broken stub"))],
  ])("tries an account that is %s once more", async (_, refuse) => {
    let tries = 0;
    const { ports } = world({ read: async (_account, own) => (tries++ === 0 ? refuse() : own.map(() => ACCEPTED)) });
    expect(await recordReadings(ports, [reading()], NOW)).toEqual([accepted("0001MAK")]);
  });

  it("says later for all when the Directory does not answer, and for what was sent away when it stops to", async () => {
    const down = world({ place: async () => Promise.reject(new Error("down")) });
    expect(await recordReadings(down.ports, [reading(), reading()], NOW)).toEqual([
      { status: "later" },
      { status: "later" },
    ]);
    expect(down.read).not.toHaveBeenCalled();
    let round = 0;
    const half = world({
      place: async (asked) => (round++ === 0 ? asked.map(() => "0001MAK") : Promise.reject(new Error("down"))),
      read: async (_, own) => own.map(({ registerWh }) => (registerWh > 1_000 ? ELSEWHERE : ACCEPTED)),
    });
    expect(await recordReadings(half.ports, [reading(), reading({ registerWh: 2_000 })], NOW)).toEqual([
      accepted("0001MAK"),
      { status: "later" },
    ]);
    expect(half.keep).not.toHaveBeenCalled();
  });

  it("says later for an unmapped one that could not be kept, and no room for a meter too many", async () => {
    const { ports, keep } = world({});
    keep.mockRejectedValue(new Error("down"));
    expect(await recordReadings(ports, [reading({ meterNumber: "0" })], NOW)).toEqual([{ status: "later" }]);
    keep.mockReset();
    keep.mockResolvedValue(["0"]);
    const answers = await recordReadings(ports, [reading({ meterNumber: "0" }), reading()], NOW);
    expect(answers).toEqual([{ status: "no_room" }, accepted("0001MAK")]);
  });

  it("writes to at most 50 accounts at a time, and to all of them", async () => {
    let running = 0;
    let most = 0;
    const { ports, read } = world({
      read: async (_, own) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running -= 1;
        return own.map(() => ACCEPTED);
      },
    });
    const readings = Array.from({ length: READINGS_MAX }, (_, index) => reading({ meterNumber: String(index + 1) }));
    const answers = await recordReadings(ports, readings, NOW);
    expect(answers.every(({ status }) => status === "accepted")).toBe(true);
    expect([read.mock.calls.length, most]).toEqual([READINGS_MAX, 50]);
  });
});
