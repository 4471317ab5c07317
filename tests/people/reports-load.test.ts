import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS } from "../workers/country.ts";
import { Browser, country, session } from "./country.ts";

const PROFILES = ["tenure", "load-curve", "load-daily", "load-cdf", "load-scatter", "load-8760"];
type Asking = Awaited<ReturnType<typeof session>>;
let asking: Asking;
beforeAll(async () => {
  asking = await session(["onm_team"]);
});
const get = (path: string) => asking.browser.ask("GET", `/api/reports/${path}`);
const file = (path: string) =>
  app.request(`/api/reports/${path}`, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "a test" } }, country);

describe("every profile", () => {
  it.each([...PROFILES, "load-factors"])(
    "%s says what it is, as of when, from what, and how much of it is known",
    async (path) => {
      const { status, body } = await get(path);
      expect([status, body]).toMatchObject([
        200,
        {
          definition: expect.stringMatching(/^means_/),
          source: expect.stringMatching(/metered|consumption/),
          asOf: expect.any(Number),
          isPartial: expect.any(Boolean),
        },
      ]);
      expect(body).toHaveProperty("coveragePct");
    },
  );

  it.each(PROFILES)("%s is a file too, with its definition and an end", async (path) => {
    const answer = await file(`${path}/csv`);
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, "text/csv; charset=utf-8"]);
    const text = await answer.text();
    expect(text).toMatch(/\r\n# means_\w+: [^\r\n]+ As of 20[^\r\n]+\r\n# end of file: \d+ rows$/);
  });

  it.each(PROFILES)("%s is for whoever may read reports", async (path) => {
    expect((await new Browser().ask("GET", `/api/reports/${path}`)).status).toBe(401);
  });
});

it("a year hour by hour has 8,760 of them, in the answer and in the file", async () => {
  const { body } = await get("load-8760?year=2024");
  expect([(body.n as number[]).length, (body.meanMilliwatt as null[]).length, body.isPartial]).toEqual([
    8_760,
    8_760,
    false,
  ]);
  const lines = (await (await file("load-8760/csv?year=2024")).text()).split("\r\n");
  expect(lines.at(-1)).toBe("# end of file: 8760 rows");
  expect([lines[1], lines[8_760]]).toEqual(["0,,0", "8759,,0"]);
});

it.each`
  query                                                    | field     | because
  ${"load-curve?from=2026-02-30"}                          | ${"from"} | ${"no day of the calendar"}
  ${"load-daily?from=2026-03-02&to=2026-03-01"}            | ${"to"}   | ${"it ends before it begins"}
  ${"load-daily?from=2020-01-01&to=2026-03-01"}            | ${"to"}   | ${"it is too long"}
  ${"load-factors?site=MAK&from=2026-01-01&to=2026-02-01"} | ${"to"}   | ${"so many hours of a site are too many"}
  ${"load-cdf?of=hour&from=2026-01-01&to=2026-01-08"}      | ${"to"}   | ${"so many hours of a country are too many"}
  ${"load-cdf?of=week"}                                    | ${"of"}   | ${"there is no such distribution"}
  ${"tenure?rule=best"}                                    | ${"rule"} | ${"there is no such rule"}
  ${"tenure?site=mak"}                                     | ${"site"} | ${"codes are capitals"}
  ${"load-8760?k=0"}                                       | ${"k"}    | ${"nobody is no account"}
  ${"load-8760?year=1999"}                                 | ${"year"} | ${"nothing is so old"}
  ${"load-scatter?seed=-1"}                                | ${"seed"} | ${"it is below 0"}
`("$query is refused: $because", async ({ query, field }) => {
  const { status, body } = await get(query);
  expect([status, body.error?.kind, (body.error?.details as { field: string }[] | undefined)?.[0]?.field]).toEqual([
    400,
    "bad_field",
    field,
  ]);
});

it.each`
  query                                                    | from            | to
  ${"load-factors?site=MAK&from=2026-01-01&to=2026-01-31"} | ${"2026-01-01"} | ${"2026-01-31"}
  ${"load-cdf?of=hour&from=2026-01-01&to=2026-01-07"}      | ${"2026-01-01"} | ${"2026-01-07"}
  ${"load-factors?site=MAK&to=2026-03-31"}                 | ${"2026-03-01"} | ${"2026-03-31"}
  ${"load-factors?to=2026-03-31"}                          | ${"2026-03-25"} | ${"2026-03-31"}
  ${"load-daily?to=2026-03-31"}                            | ${"2026-01-01"} | ${"2026-03-31"}
  ${"load-curve?from=2026-01-15&to=2026-02-03"}            | ${"2026-01-01"} | ${"2026-02-28"}
`("$query is of $from to $to", async ({ query, from, to }) =>
  expect((await get(query)).body).toMatchObject({ from, to }),
);
