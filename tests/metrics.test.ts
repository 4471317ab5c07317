import { describe, expect, it } from "vitest";
import { type Counting, measure } from "../workers/metrics.ts";

const dataset = () => {
  const points: unknown[] = [];
  return {
    points,
    METRICS: { writeDataPoint: (point: unknown) => void points.push(point) } as NonNullable<Counting["METRICS"]>,
  };
};

describe("a metric", () => {
  it("is one point: country, kind, name and outcome, how many and how long", () => {
    const { points, METRICS } = dataset();
    measure({ COUNTRY: "LS", METRICS }, { kind: "job", name: "rollups", outcome: "good", ms: 120 });
    measure({ COUNTRY: "BJ", METRICS }, { kind: "copy", name: "rows", outcome: "written", count: 40 });
    expect(points).toEqual([
      { indexes: ["job"], blobs: ["LS", "job", "rollups", "good"], doubles: [1, 120] },
      { indexes: ["copy"], blobs: ["BJ", "copy", "rows", "written"], doubles: [40, -1] },
    ]);
  });

  it("is in nobody's way: without the binding, or while it fails, nothing is written and nothing thrown", () => {
    const point = { kind: "alarm", name: "jobs", outcome: "raised" } as const;
    expect(() => measure({ COUNTRY: "LS" }, point)).not.toThrow();
    const broken = {
      writeDataPoint: () => {
        throw new Error("no dataset");
      },
    };
    expect(() => measure({ COUNTRY: "LS", METRICS: broken }, point)).not.toThrow();
  });
});
