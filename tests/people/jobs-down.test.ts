import { describe, expect, it } from "vitest";
import type { JobMessage } from "../../workers/env.ts";
import { CLOCK_JOBS, downRetrySeconds, jobQueue } from "../../workers/jobs.ts";
import { settings } from "../workers/country.ts";
import { database } from "./country.ts";

/** What became of a message while the database was down, and what was counted. */
async function whileDown(job: string, page: JobMessage["page"], attempts = 1) {
  const settled: string[] = [];
  const counted: string[] = [];
  const message = {
    ...{ id: `m-${job}`, body: { job, page }, attempts },
    ack: () => settled.push("ack"),
    retry: ({ delaySeconds = 0 } = {}) => settled.push(`retry ${delaySeconds}`),
  };
  const METRICS = { writeDataPoint: ({ blobs }: { blobs: string[] }) => void counted.push(blobs.slice(2).join(" ")) };
  try {
    await jobQueue({ messages: [message] } as unknown as MessageBatch<JobMessage>, { ...settings, METRICS } as never);
  } finally {
    // Where the driver looks is one setting for all: right again for what comes after.
    database();
  }
  return { settled, counted };
}

describe("a job that fails because the database is down", () => {
  const soon = ["post-corrections", "rollups", "close-days", "uploads"];
  it.each(soon)("is done with where the clock brings it again within a quarter of an hour: %s", async (job) => {
    expect(CLOCK_JOBS[job]).toBeLessThanOrEqual(15 * 60_000);
    const { settled, counted } = await whileDown(job, null);
    expect(settled).toEqual(["ack"]);
    expect(counted).toContain(`${job} database_down`);
  });

  it.each<[string, JobMessage["page"]]>([
    ["check-isolation", null],
    ["close-days", "2026-11-01"],
  ])("is tried again where nothing brings it back soon: %s, page %j", async (job, page) => {
    expect((await whileDown(job, page)).settled).toEqual(["retry 60"]);
    expect((await whileDown(job, page, 4)).settled).toEqual(["retry 480"]);
  });

  it("has the queue's ten tries spread over more than an hour and a half, none of them later than a quarter of an hour", () => {
    const waits = Array.from({ length: 10 }, (_, tries) => downRetrySeconds(tries + 1));
    expect(Math.max(...waits)).toBe(900);
    expect(waits.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(90 * 60);
  });
});
