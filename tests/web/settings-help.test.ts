import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { DEFAULT_TEMPLATES, TEMPLATE_KINDS } from "../../src/domain/templates.ts";
import { matches, TASK_PATHS, TASKS } from "../../web/pages/help/model.ts";
import { example, verdictOf } from "../../web/pages/settings/model.ts";

describe("a wording of SMS", () => {
  it("is judged while one types as the server judges it", () => {
    const ok = verdictOf("low_balance", "{account}: {balance_kwh} left.", COUNTRIES.LS);
    expect(ok).toMatchObject({ ok: true, parts: 1, alphabet: "gsm7" });
    expect(verdictOf("low_balance", "{amount}", COUNTRIES.LS)).toMatchObject({
      ok: false,
      kind: "unknown_placeholder",
      name: "amount",
      allowed: "{account} {balance_kwh} {hours_left}",
    });
    expect(verdictOf("welcome", "x".repeat(400), COUNTRIES.LS)).toMatchObject({
      ok: false,
      kind: "template_too_long",
      parts: 3,
    });
    expect(verdictOf("welcome", "}", COUNTRIES.LS)).toMatchObject({ ok: false, kind: "stray_brace" });
    expect(verdictOf("welcome", "  ", COUNTRIES.LS)).toMatchObject({ ok: false, kind: "template_empty" });
  });

  it("as it is delivered leaves no brace in what a customer reads, in any language", () => {
    for (const kind of TEMPLATE_KINDS)
      for (const text of Object.values(DEFAULT_TEMPLATES[kind]))
        expect(example(text, COUNTRIES.LS)).not.toMatch(/[{}[\]]/);
  });
});

describe("a search of the help", () => {
  it("finds all words in any order, whatever their accents and case", () => {
    expect(matches("RECU attente", "En attente : le reçu")).toBe(true);
    expect(matches("reçu lumière", "En attente : le reçu")).toBe(false);
    expect(matches("", "anything")).toBe(true);
  });

  it("has a place to begin for each task", () => {
    expect(Object.keys(TASK_PATHS)).toEqual([...TASKS]);
  });
});
