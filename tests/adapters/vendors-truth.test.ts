/** The small sibling of `npm run vendors:truth`: the same code, one country, one day whose truth is compared. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keysIn } from "../../dev/keys.ts";
import { migrate } from "../../dev/migrate.ts";
import { faultsIn, reportOf } from "../../dev/vendors-truth/report.ts";
import { runTruth } from "../../dev/vendors-truth/run.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { freshDatabase } from "./database.ts";

const DAY = Date.UTC(2025, 11, 30);

it("is what a country ends with after every fault of its vendor at once and no power again and again", async () => {
  const database = await freshDatabase();
  const folder = await mkdtemp(join(tmpdir(), "cc-truth-"));
  try {
    await migrate(database.ownerUrl, COUNTRIES.BJ);
    const [truth] = await runTruth({
      ...{ countries: ["BJ"], from: DAY, to: DAY, seed: 1, payEveryDays: 2 },
      keys: await keysIn(folder),
      databaseUrlOf: () => database.appUrl,
      say: () => undefined,
    });
    if (truth === undefined) throw new Error("no truth");
    expect(faultsIn(truth), reportOf([truth])).toEqual([]);
    expect(truth.credits.payments).toBeGreaterThan(3);
    expect(truth.kills).toBeGreaterThan(5);
    expect(Object.keys(truth.faultsMet.Koios ?? {}).length).toBeGreaterThan(10);
    expect(truth.plants.map(({ planted }) => planted)).toEqual([
      "missing_interval",
      "duplicate_there",
      "platform_edit",
      "credit_not_delivered",
      "tariff_differs",
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  }
}, 600_000);

it("is not what anybody has when an hour, a credit or a cause is wrong", () => {
  const right = {
    ...{ country: "BJ" as const, livedThrough: "", kills: 1, requests: 1, refused: 0, deadLetters: 0, seconds: 1 },
    sites: [
      {
        ...{ site: "GBO", vendor: "koios", units: 1, attempts: 1, days: 1, daysComplete: 1, leftOut: {} },
        ...{ importedWh: 9, truthWh: 9, hours: 24, hoursWrong: 0, accounts: 6, accountsEqual: 6 },
      },
    ],
    credits: { payments: 1, once: 1, twice: [], missing: [], strangers: [], states: {}, tries: 0 },
    faultsMet: {},
    drift: { verdicts: {}, cases: [] },
    plants: [
      {
        account: "0301GBO",
        planted: "tariff_differs",
        named: ["tariff_differs 9 Wh"],
        verdict: "differ",
        caseOpen: true,
      },
    ],
    ...{ plantedOn: "", unexplained: [], afterPlants: {} },
  };
  expect(faultsIn(right)).toEqual([]);
  const [site] = right.sites;
  const [plant] = right.plants;
  for (const wrong of [
    { sites: [{ ...site, accountsEqual: 5 }] },
    { sites: [{ ...site, daysComplete: 0 }] },
    { credits: { ...right.credits, twice: ["receipt:A#1.1"] } },
    { credits: { ...right.credits, missing: ["receipt:A#1.1"] } },
    { credits: { ...right.credits, strangers: ["x"] } },
    { drift: { verdicts: {}, cases: ["0302GBO"] } },
    { unexplained: ["0302GBO"] },
    { plants: [{ ...plant, caseOpen: false }] },
    { plants: [{ ...plant, named: ["platform_edit 9 Wh", "tariff_differs 1 Wh"] }] },
    { plants: [{ ...plant, named: ["tariff_differs 9 Wh", "platform_edit 1 Wh"] }] },
    { refused: 1 },
    { deadLetters: 1 },
  ])
    expect(faultsIn({ ...right, ...wrong } as typeof right), JSON.stringify(wrong)).toHaveLength(1);
});
