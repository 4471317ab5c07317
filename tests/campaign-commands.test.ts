import { describe, expect, it } from "vitest";
import { CAMPAIGN_COMMANDS } from "../dev/ops-campaigns.ts";
import { commandsDoor } from "./commands-door.ts";

const campaign = {
  ...{ campaignId: 7, name: "Works", state: "running", recipients: 14, partPriceMinor: 30, partsSent: 2 },
  counts: { accepted: 2, queued: 12 },
};
const ANSWERS: Record<string, unknown> = {
  "POST /campaigns/preview": { recipients: 14, parts: 14, costMinor: null, secondPerson: true },
  "GET /campaigns": { campaigns: [campaign] },
};
const { door, heard, printed } = commandsDoor((said) => ANSWERS[said] ?? { campaign });

const run = (name: "campaign" | "sms:carrier", flags: Record<string, string>) =>
  CAMPAIGN_COMMANDS[name]?.run(door, flags);
const TEXTS = { "text-st": "Motlakase", "text-en": "No power" };
const asked = () => heard.map(({ method, path }) => `${method} ${path}`);

describe("npm run campaign", () => {
  it("looks who gets it and what it costs, and writes nothing where it is only tried", async () => {
    await run("campaign", { ...TEXTS, sites: "mak, KET", type: "HH1", language: "st", "dry-run": "true" });
    expect(heard).toMatchObject([
      {
        path: "/campaigns/preview",
        body: {
          audience: { sites: ["MAK", "KET"], customerType: "HH1", language: "st" },
          texts: { st: "Motlakase", en: "No power" },
        },
      },
    ]);
    expect(printed).toEqual([
      "14 numbers, 14 parts, nobody has said what a part costs, a second person has to start it",
      "nothing was written",
    ]);
  });

  it("proposes it under the key that is named, in somebody's name", async () => {
    await run("campaign", { ...TEXTS, name: "Works", reason: "works", actor: "Lineo", key: "works-0001" });
    expect(asked()).toEqual(["POST /campaigns/preview", "POST /campaigns"]);
    expect(heard[1]).toMatchObject({ actor: "Lineo", key: "works-0001", body: { name: "Works", reason: "works" } });
    expect(printed.at(-1)).toBe("7 Works · running · 14 numbers · accepted 2, queued 12 · 60 in minor units so far");
  });

  it("lists, shows, starts and stops", async () => {
    await run("campaign", { list: "true" });
    expect(printed.at(-1)).toBe("1 campaign");
    await run("campaign", { id: "7" });
    await run("campaign", { id: "7", start: "true", reason: "seen", actor: "Mpho" });
    await run("campaign", { id: "7", stop: "true", reason: "enough", actor: "Mpho" });
    expect(asked()).toEqual([
      ...["GET /campaigns", "GET /campaigns/7", "POST /campaigns/7/start", "POST /campaigns/7/stop"],
    ]);
    expect(heard[2]).toMatchObject({ actor: "Mpho", body: { reason: "seen" } });
  });

  it.each([
    [{}, "--text-st, --text-en or --text-fr is needed"],
    [TEXTS, "--actor is needed"],
    [{ id: "nine" }, "--id is nine; expected the number of a campaign"],
    [{ id: "../7" }, "--id is ../7; expected the number of a campaign"],
    [{ id: "7", start: "true", stop: "true", reason: "x", actor: "Mpho" }, "--start or --stop is expected, not both"],
    [{ id: "7", start: "true", actor: "Mpho" }, "--reason is needed"],
    [{ id: "7", stop: "true", reason: "x" }, "--actor is needed"],
  ])("with %j asks nobody, and says: %s", async (flags, says) => {
    await expect(run("campaign", flags)).rejects.toThrow(says);
    expect(heard).toEqual([]);
  });

  it("without a name or a reason proposes nothing", async () => {
    await expect(run("campaign", { ...TEXTS, actor: "Lineo", reason: "x" })).rejects.toThrow("--name is needed");
    await expect(run("campaign", { ...TEXTS, actor: "Lineo", name: "x" })).rejects.toThrow("--reason is needed");
    expect(asked()).toEqual(["POST /campaigns/preview", "POST /campaigns/preview"]);
  });
});

describe("npm run sms:carrier", () => {
  it("shows the setting, and sets the whole of it with a reason", async () => {
    await run("sms:carrier", {});
    await run("sms:carrier", { set: '{"routes":{},"partPriceMinor":30}', reason: "a contract", actor: "Lineo" });
    expect(asked()).toEqual(["GET /settings/carrier", "GET /settings/carrier", "PUT /settings/carrier"]);
    expect(heard[2]).toMatchObject({ actor: "Lineo", body: { routes: {}, partPriceMinor: 30, reason: "a contract" } });
  });

  it("sets it over the version that was read, where --set names one", async () => {
    const set = '{"routes":{},"partPriceMinor":30,"version":7}';
    await run("sms:carrier", { set, reason: "a contract", actor: "Lineo" });
    expect(asked()).toEqual(["PUT /settings/carrier"]);
    expect(heard[0]).toMatchObject({ body: { version: 7 } });
  });

  it.each(["{bad", "[]", "null", "30"])("refuses --set %s and asks nobody", async (set) => {
    await expect(async () => run("sms:carrier", { set, reason: "x", actor: "Lineo" })).rejects.toThrow(
      `--set is ${set}; expected an object of JSON`,
    );
    expect(heard).toEqual([]);
  });
});
