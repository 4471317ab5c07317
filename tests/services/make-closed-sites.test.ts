import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { makeClosedSites } from "../../src/services/make-closed-sites.ts";

const by = { actor: "Lineo", reason: null, at: 0 };

/** Sites as the records have them, by code. */
function records(sites: Record<string, string>) {
  const ports = {
    sitesHere: async (codes: readonly string[]) => codes.filter((code) => code in sites),
    registry: {
      upsertSites: async (rows: { code: string; name: string }[]) => {
        for (const { code, name } of rows) sites[code] = name;
        return { ok: true as const, value: { version: 1 } };
      },
    },
  };
  return (named: (string | null)[], country = COUNTRIES.LS) => makeClosedSites(ports, { country, named }, by);
}

describe("closed sites that the old books name", () => {
  it("are registered by their code, those alone, and once", async () => {
    const sites: Record<string, string> = { MAK: "Ha Makebe" };
    const make = records(sites);
    expect(await make(["FSI", "MAK", "LEB", null, "FSI", "RTE"])).toMatchObject({ ok: true });
    expect(sites).toEqual({ MAK: "Ha Makebe", FSI: "FSI", RTE: "RTE" });
    expect(await make(["FSI", "RTE"])).toBeNull();
  });

  it("keep the name that somebody gave them", async () => {
    const sites: Record<string, string> = { KIT: "Kitchen pilot" };
    await records(sites)(["KIT", "PTA"]);
    expect(sites).toEqual({ KIT: "Kitchen pilot", PTA: "PTA" });
  });

  it("are none of another country's, and none where nobody is named", async () => {
    const sites: Record<string, string> = {};
    await records(sites)(["FSI"], COUNTRIES.BJ);
    await records(sites)([]);
    expect(sites).toEqual({});
  });

  it("are no sites that people register at", () => {
    for (const { siteCodes, closedSiteCodes } of Object.values(COUNTRIES))
      expect(siteCodes.filter((code) => closedSiteCodes.includes(code))).toEqual([]);
  });
});
