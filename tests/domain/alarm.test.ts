import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  ALARM_NAMES,
  ALARM_RULES,
  type AlarmName,
  type AlarmState,
  acknowledged,
  afterLook,
  newAlarm,
  tellingOf,
  tellingText,
  valueText,
} from "../../src/domain/alarm.ts";

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 29, 12);

/** Looks one minute after the other: what was told at each, and the state at the end. */
function looked(name: AlarmName, values: readonly (number | null)[], from = newAlarm(name), since = NOON) {
  const told: string[] = [];
  let state: AlarmState = from;
  values.forEach((value, place) => {
    const step = afterLook(state, { name, value, subject: value === null ? null : "till-a" }, since + place * MINUTE);
    state = step.state;
    told.push(step.tell ?? "-");
  });
  return { told: told.join(" "), state };
}

describe("an alarm", () => {
  // raised after 3 looks above 0, over after 3 at 0
  it.each<[string, readonly (number | null)[], string]>([
    ["is raised by the third look in a row, once", [1, 1, 1, 1, 2], "- - raised - -"],
    ["is not raised by what comes and goes", [1, 1, 0, 1, 1, 0], "- - - - - -"],
    ["is over by the third good look in a row, once", [1, 1, 1, 0, 0, 0, 0], "- - raised - - cleared -"],
    ["goes on over a good look in between, and is not told again", [1, 1, 1, 0, 0, 1, 1, 1], "- - raised - - - - -"],
    ["is raised anew after it was over", [1, 1, 1, 0, 0, 0, 1, 1, 1], "- - raised - - cleared - - raised"],
    [
      "keeps what it knew while nobody could look",
      [1, null, 1, null, null, 1, null, 0, 0, 0],
      "- - - - - raised - - - cleared",
    ],
    ["says nothing while nobody ever could", [null, null, null, null], "- - - -"],
  ])("%s", (_, values, told) => expect(looked("silent_phone", values).told).toBe(told));

  it("counts a look that a queue brings twice once", () => {
    const [first] = [afterLook(newAlarm("silent_phone"), { name: "silent_phone", value: 1, subject: null }, NOON)];
    const again = afterLook(first.state, { name: "silent_phone", value: 1, subject: null }, NOON + 2_000);
    expect(again).toEqual({ state: first.state, tell: null });
  });

  it("of an age is raised above its limit, and not at it", () => {
    const { limit } = ALARM_RULES.outbox_age;
    expect(looked("outbox_age", [limit, limit, limit, limit]).state.raisedAt).toBeNull();
    expect(looked("outbox_age", [limit + 1, limit + 1, limit + 1]).state.raisedAt).toBe(NOON + 2 * MINUTE);
  });

  it("says since when, how much and of what, as it was found last", () => {
    const { state } = looked("silent_phone", [1, 1, 1, 4]);
    expect(state).toMatchObject({ raisedAt: NOON + 2 * MINUTE, value: 4, subject: "till-a", isTold: true });
  });
});

describe("whoever has seen an alarm", () => {
  const by = { actor: "Lineo", reason: "the mast is down", at: NOON + 3 * MINUTE, snoozeMs: null };

  it("is named until it is over; one that is not raised nobody has seen", () => {
    expect(acknowledged(newAlarm("jobs"), by)).toBeNull();
    const seen = acknowledged(looked("silent_phone", [1, 1, 1]).state, by);
    expect(seen).toMatchObject({ acknowledgedBy: "Lineo", reason: "the mast is down", snoozedUntil: null });
    const over = looked("silent_phone", [0, 0, 0], seen ?? undefined, NOON + 4 * MINUTE);
    expect(over).toMatchObject({ told: "- - cleared", state: { acknowledgedBy: null, raisedAt: null } });
  });

  it("may ask for silence: a raise in it is told when it ends, if it is still so, and else never", () => {
    const snoozed = acknowledged(looked("dead_letters", [1]).state, { ...by, snoozeMs: 30 * MINUTE });
    const over = looked("dead_letters", [0, 0], snoozed ?? undefined, NOON + 5 * MINUTE);
    expect(over.told).toBe("- cleared");
    const again = looked("dead_letters", [3, 3], over.state, NOON + 10 * MINUTE);
    expect(again.told).toBe("- -");
    expect(again.state.raisedAt).toBe(NOON + 10 * MINUTE);
    expect(looked("dead_letters", [3], again.state, NOON + 40 * MINUTE).told).toBe("raised");
    expect(looked("dead_letters", [0, 0], again.state, NOON + 12 * MINUTE).told).toBe("- -");
  });
});

describe("what is told", () => {
  const state = { name: "suspense_age" as const, value: 51 * 3_600_000, subject: null };
  it("has one id however often it is sent, and another one when it is over", () => {
    expect(tellingOf("raised", state, NOON, NOON).id).toBe(tellingOf("raised", state, NOON, NOON + 5).id);
    expect(tellingOf("cleared", state, NOON, NOON).id).not.toBe(tellingOf("raised", state, NOON, NOON).id);
  });
  it("is one SMS of one part, whatever it is about", () => {
    const telling = tellingOf("raised", { ...state, subject: "x".repeat(300) }, NOON, NOON);
    expect(tellingText(telling, "LS")).toMatch(/^1PWR LS ALARM: suspense_age 2 d \(x+\. Runbook: operations\.md$/);
    expect(tellingText(telling, "LS").length).toBeLessThanOrEqual(160);
    expect(tellingText({ ...telling, what: "cleared", value: 0 }, "BJ")).toBe("1PWR BJ over: suspense_age 0 min.");
  });
  it.each<[AlarmName, number | null, string]>([
    ["dead_letters", 3, "3"],
    ["outbox_age", 11 * MINUTE, "11 min"],
    ["outbox_age", 130 * MINUTE, "2 h"],
    ["backup_age", 80 * 3_600_000, "3 d"],
    ["backup_age", null, "?"],
  ])("says of %s %j: %s", (name, value, text) => expect(valueText(name, value)).toBe(text));
});

describe("docs/operations.md", () => {
  const text = readFileSync(fileURLToPath(new URL("../../docs/operations.md", import.meta.url)), "utf8");
  const scripts = JSON.parse(
    readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8"),
  ).scripts;

  it.each(ALARM_NAMES)(
    "has the runbook of %s: what it means, a command that there is, and what it should print",
    (name) => {
      const runbook = new RegExp(`^### ${name}\\n([\\s\\S]*?)(?=^##|(?![\\s\\S]))`, "m").exec(text)?.[1] ?? "";
      expect(runbook).toMatch(/\*\*Means\*\*/);
      expect(runbook).toMatch(/\*\*Should print\*\*/);
      const commands = [...runbook.matchAll(/npm run (?:-s )?([a-z:-]+)/g)].map(([, script = ""]) => script);
      expect(commands.length).toBeGreaterThan(0);
      expect(commands.filter((script) => scripts[script] === undefined)).toEqual([]);
    },
  );
  it("has no runbook of an alarm that is none", () => {
    const part = /^## Alarms\n([\s\S]*?)^## /m.exec(text)?.[1] ?? "";
    expect([...part.matchAll(/^### (\S+)$/gm)].map(([, name]) => name).sort()).toEqual([...ALARM_NAMES].sort());
  });
});
