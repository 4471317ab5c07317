import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readConfigs } from "../dev/deliver/config.ts";
import { namesIn, sayOfSecrets } from "../dev/deliver/secrets.ts";
import { NEEDED, SECRETS, SETTINGS, secretsReport } from "../src/domain/settings.ts";
import { VENDOR_SHAPES } from "../src/domain/vendor-settings.ts";

const document = readFileSync(fileURLToPath(new URL("../docs/deploy.md", import.meta.url)), "utf8");
const needed = SECRETS.filter((name) => (NEEDED as string[]).includes(name));

describe("the table of settings", () => {
  it("has the secrets that docs/deploy.md tells, each needed in both or in none", () => {
    const rows = [...document.matchAll(/^ *\| (`[A-Z\d_]+`(?:, `[A-Z\d_]+`)*) \| (yes|no) \| \S.* \|$/gm)];
    const told = rows.flatMap(([, names = "", isNeeded]) =>
      [...names.matchAll(/`([A-Z\d_]+)`/g)].map(([, name = ""]): [string, boolean] => [name, isNeeded === "yes"]),
    );
    expect(told.map(([name]) => name).sort()).toEqual([...SECRETS].sort());
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(SECRETS.map((name) => [name, SETTINGS[name as keyof typeof SETTINGS].needed])),
    );
  });

  it("has the vars of wrangler.toml", () => {
    const vars = Object.entries(SETTINGS).flatMap(([name, { from }]) => (from === "vars" ? [name] : []));
    for (const config of Object.values(readConfigs()))
      expect(Object.keys(config.vars as object).sort()).toEqual(vars.sort());
  });

  it("has every setting of a meter vendor", () => {
    const vendors = Object.values(VENDOR_SHAPES).flatMap((shape): readonly string[] => [
      ...shape.needed,
      ...shape.optional,
    ]);
    expect(SECRETS).toEqual(expect.arrayContaining(vendors));
  });
});

describe("the secrets of a deployment", () => {
  it.each<[string, string[], Partial<ReturnType<typeof secretsReport>>]>([
    ["none", [], { missing: needed, forbidden: [], unknown: [] }],
    ["all that is needed", needed, { missing: [], forbidden: [], unknown: [] }],
    ["all", SECRETS, { missing: [], forbidden: [], unknown: [], unset: [] }],
    ["one mistyped", [...needed.slice(1), "DATABSE_URL"], { missing: ["DATABASE_URL"], unknown: ["DATABSE_URL"] }],
    ["half a vendor", [...needed, "KOIOS_URL", "KOIOS_WEB_LOGIN"], { missing: ["KOIOS_ORG", "KOIOS_READ_KEY"] }],
    ["half a table of samples", [...needed, "DYNAMODB_TABLE"], { missing: ["DYNAMODB_REGION"] }],
    [
      "a laptop's clock",
      [...needed, "CLOCK_OFFSET_MS", "NEON_SQL_URL"],
      { forbidden: ["CLOCK_OFFSET_MS", "NEON_SQL_URL"] },
    ],
    ["a var", [...needed, "COUNTRY"], { forbidden: ["COUNTRY"] }],
    ["a name of every object", [...needed, "constructor"], { unknown: ["constructor"], forbidden: [] }],
  ])("with %s", (_what, names, expected) => {
    expect(secretsReport(names)).toMatchObject(expected);
  });

  it("are said by name, with the command that sets each, and end with the count", () => {
    const { ok, lines } = sayOfSecrets("bj", [...needed.slice(1), "TYPO"]);
    expect(ok).toBe(false);
    expect(lines[0]).toBe("missing    DATABASE_URL   npx wrangler secret put DATABASE_URL --env bj");
    expect(lines[1]).toBe("unknown    TYPO   no line of this code reads it: mistyped, or left from before");
    expect(lines.at(-1)).toBe(`bj: ${needed.length - 1} set, 1 missing, 0 forbidden, 1 unknown`);
    expect(sayOfSecrets("bj", [...needed, "TYPO"]).ok).toBe(true);
    expect(sayOfSecrets("bj", [...needed, "CLOCK_OFFSET_MS"]).ok).toBe(false);
  });

  it.each([
    ['[{"name":"A","type":"secret_text"},{"name":"B"}]', ["A", "B"]],
    ['wrangler 4.1 [beta]\n\n[\n  {"name":"A"}\n]\nbye', ["A"]],
    ["[]", []],
    ["", null],
    ["✘ [ERROR] You are not logged in.", null],
    ['[{"title":"A"}]', null],
    ["[null]", null],
  ])("are read from what wrangler printed: %s", (printed, names) => {
    expect(namesIn(printed)).toEqual(names);
  });
});
