import { describe, expect, it } from "vitest";
import type { SampledMeter, SamplePage, SampleStep } from "../../src/ports/samples.ts";
import { syncSamples, wallClock } from "../../src/services/sync-samples.ts";

/** 12:00 in Maseru. */
const NOON = Date.UTC(2026, 10, 24, 10);
const HOUR_MS = 3_600_000;

const meter = (over: Partial<SampledMeter> = {}): SampledMeter => ({
  id: 1,
  meterNumber: "23099001",
  sampleTime: null,
  seenAt: null,
  ahead: [],
  ...over,
});
const sample = (time: string) => ({ device_id: { S: "000023099001" }, sample_time: { S: time } });

/** A world in which the table has one page. */
function world(
  page: SamplePage = { samples: [], next: null },
  recorded: Record<string, number> | "later" = { accepted: 1 },
) {
  const asked: (string | null)[] = [];
  const advanced: SampleStep[] = [];
  const kept: unknown[] = [];
  const ports = {
    samples: {
      page: async (_meterNumber: string, after: string | null) => {
        asked.push(after);
        return page;
      },
    },
    progress: { advance: async (_meterNumber: string, step: SampleStep) => void advanced.push(step) },
    record: async (samples: unknown[]) => {
      if (recorded !== "later") kept.push(...samples);
      return recorded;
    },
    utcOffsetMinutes: 120,
    now: () => NOON,
  };
  return { ports, asked, advanced, kept };
}

describe("a meter's samples", () => {
  it.each`
    sampleTime        | seenAt            | after             | asked
    ${null}           | ${null}           | ${null}           | ${null}
    ${"202611241130"} | ${null}           | ${null}           | ${"202611240930"}
    ${"202611240030"} | ${null}           | ${null}           | ${"202611232230"}
    ${"202611241130"} | ${NOON}           | ${"202611241000"} | ${"202611241000"}
    ${null}           | ${NOON}           | ${null}           | ${"202611221200"}
    ${null}           | ${NOON - HOUR_MS} | ${null}           | ${"202611221100"}
    ${"soon"}         | ${NOON}           | ${null}           | ${"202611221200"}
  `("synced to $sampleTime, seen at $seenAt, page after $after: asks after $asked", async (row) => {
    const { ports, asked } = world();
    await syncSamples(ports, meter({ sampleTime: row.sampleTime, seenAt: row.seenAt }), row.after);
    expect(asked).toEqual([row.asked]);
  });

  it("are stored, and remembered up to the newest of the page", async () => {
    const samples = [sample("202611241130"), sample("202611241145")];
    const { ports, advanced, kept } = world({ samples, next: "202611241145" }, { accepted: 2 });
    expect(await syncSamples(ports, meter(), null)).toEqual({ read: 2, counts: { accepted: 2 }, next: "202611241145" });
    expect(advanced).toEqual([{ sampleTime: "202611241145", ahead: [], forgetUpTo: "202611240945" }]);
    expect(kept).toEqual(samples);
  });

  it("that could not all be stored are not remembered", async () => {
    const { ports, advanced } = world({ samples: [sample("202611241145")], next: null }, "later");
    expect(await syncSamples(ports, meter(), null)).toBe("later");
    expect(advanced).toEqual([]);
  });

  it("of a clock hours ahead do not hide what comes until then", async () => {
    const samples = [sample("202611241145"), sample("202611241201"), sample("202611242345")];
    const { ports, advanced } = world({ samples, next: null });
    await syncSamples(ports, meter(), null);
    const [ahead, forgetUpTo] = [["202611241201", "202611242345"], "202611240945"];
    expect(advanced).toEqual([{ sampleTime: "202611241145", ahead, forgetUpTo }]);
  });

  it("that were brought while they lay ahead are not brought again when that time has come", async () => {
    const samples = [sample("202611241145"), sample("202611241150")];
    const { ports, kept } = world({ samples, next: null });
    await syncSamples(ports, meter({ ahead: ["202611241150"] }), null);
    expect(kept).toEqual([sample("202611241145")]);
  });

  it("that are all ahead, or have no time, or are none, move nothing", async () => {
    for (const samples of [[sample("202611242345")], [{ device_id: { S: "1" } }], []]) {
      const { ports, advanced } = world({ samples, next: null });
      await syncSamples(ports, meter(), null);
      expect(advanced.filter(({ sampleTime }) => sampleTime !== null)).toEqual([]);
    }
  });

  it("are by the country's wall clock, over midnight", () => {
    expect(wallClock(Date.UTC(2026, 11, 31, 23, 30), 60)).toBe("202701010030");
  });
});
