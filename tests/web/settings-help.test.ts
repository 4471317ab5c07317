import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import { DEFAULT_TEMPLATES, TEMPLATE_KINDS } from "../../src/domain/templates.ts";
import { matches, TASK_PATHS, TASKS } from "../../web/pages/help/model.ts";
import {
  type Carrier,
  carrierChanges,
  carrierTyped,
  readCarrier,
  rebasedCarrier,
} from "../../web/pages/settings/carrier-model.ts";
import { example, verdictOf } from "../../web/pages/settings/model.ts";
import {
  readRetention,
  rebasedRetention,
  retentionChanges,
  retentionTyped,
} from "../../web/pages/settings/retention-model.ts";

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

describe("the ways of SMS", () => {
  const now: Carrier = {
    ...{ routes: { payment_receipt: "carrier" }, partPriceMinor: 30, perHourMax: 300, perDayMax: 2_000 },
    quiet: { from: 20, to: 7 },
  };
  const kinds = ["payment_receipt", "low_balance", "ticket_resolved"] as const;
  const typed = carrierTyped(now, 2);

  it("are read as they are written, so that what nobody touched is no change", () => {
    expect(typed).toMatchObject({ price: "0.30", perHour: "300", perDay: "2000", from: "20", to: "7" });
    expect(readCarrier(typed, 2)).toEqual({ setting: now, wrong: [] });
    expect(carrierChanges(now, readCarrier(typed, 2).setting, kinds)).toEqual([]);
    expect(carrierTyped({ ...now, partPriceMinor: 30 }, 0).price).toBe("30");
  });

  it("say which lines would be another; a phone said aloud is what goes without saying", () => {
    const routes = { payment_receipt: "phone_else_carrier", low_balance: "phone" } as const;
    const { setting } = readCarrier({ ...typed, routes, price: "", perDay: "900", to: "6" }, 2);
    expect(setting.partPriceMinor).toBeNull();
    expect(carrierChanges(now, setting, kinds)).toEqual(["payment_receipt", "price", "caps", "quiet"]);
  });

  it("that somebody else set meanwhile stay, but for what was typed here", () => {
    const mine = { ...typed, price: "0.45", routes: { ...typed.routes, low_balance: "carrier" as const } };
    const theirs: Carrier = { ...now, routes: {}, partPriceMinor: 50, perDayMax: 900 };
    const { setting } = readCarrier(rebasedCarrier(now, mine, theirs, 2), 2);
    expect(setting).toMatchObject({ partPriceMinor: 45, perDayMax: 900, perHourMax: 300 });
    expect(carrierChanges(theirs, setting, kinds)).toEqual(["low_balance", "price"]);
    expect(readCarrier(rebasedCarrier(now, typed, theirs, 2), 2).setting).toEqual({
      ...theirs,
      routes: { payment_receipt: "phone" },
    });
  });

  it.each([
    [{ price: "0.3.0" }, ["price"]],
    [{ price: "100.01" }, ["price"]],
    [{ perHour: "0" }, ["perHour"]],
    [{ perHour: "2001" }, ["perHour"]],
    [{ perDay: "1.5" }, ["perDay"]],
    [{ perDay: "" }, ["perDay"]],
    [{ from: "24" }, ["from"]],
    [{ from: "7", to: "7" }, ["to"]],
    [{ price: "x", perHour: "y", to: "-1" }, ["price", "perHour", "to"]],
  ])("typed as %j name %j, as the server would", (some, wrong) => {
    expect(readCarrier({ ...typed, ...some }, 2).wrong).toEqual(wrong);
  });
});

describe("how long things are kept", () => {
  const now = { mailboxDays: 35, claimCodeDays: 2, sessionDays: 30 };

  it("is read as it is written, so that what nobody touched is no change", () => {
    expect(readRetention(retentionTyped(now))).toEqual({ setting: now, wrong: [] });
    const { setting: retention } = readRetention({ ...retentionTyped(now), sessionDays: " 60 " });
    expect(retentionChanges(now, retention)).toEqual(["sessionDays"]);
  });

  it.each([
    [{ mailboxDays: "30" }, ["mailboxDays"]],
    [{ mailboxDays: "367" }, ["mailboxDays"]],
    [{ claimCodeDays: "" }, ["claimCodeDays"]],
    [{ sessionDays: "7.5", claimCodeDays: "1" }, ["claimCodeDays", "sessionDays"]],
    [{ sessionDays: "-30" }, ["sessionDays"]],
    [{ sessionDays: "1e2" }, ["sessionDays"]],
    [{ mailboxDays: "31", claimCodeDays: "90", sessionDays: "400" }, []],
  ])("typed as %j names %j, as the server would", (some, wrong) => {
    expect(readRetention({ ...retentionTyped(now), ...some }).wrong).toEqual(wrong);
  });

  it("that somebody else set meanwhile stays, but for what was typed here", () => {
    const typed = { ...retentionTyped(now), mailboxDays: "60" };
    const theirs = { mailboxDays: 90, claimCodeDays: 5, sessionDays: 30 };
    expect(readRetention(rebasedRetention(now, typed, theirs)).setting).toEqual({ ...theirs, mailboxDays: 60 });
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
