import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  AGAIN_MS_MIN,
  ALARM_NAMES,
  ALARM_RULES,
  type AlarmName,
  type AlarmState,
  acknowledged,
  afterLook,
  newAlarm,
  REMIND_MS,
  REMINDERS_MAX,
  SUBJECTS_MAX,
  TOLD_KEPT_LOOKS,
} from "../../src/domain/alarm.ts";
import { tellingOf, tellingText, valueText } from "../../src/domain/alarm-telling.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
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
    expect(again).toEqual({ state: first.state, tell: null, fresh: [] });
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

/** Looks that name what is wrong, so many minutes apart: when, in minutes, something was told, and what was new. */
function named(looks: readonly (readonly string[])[], from = newAlarm("silent_phone"), since = NOON) {
  let state = from;
  const told: string[] = [];
  looks.forEach((subjects, minute) => {
    const look = { name: "silent_phone" as const, value: subjects.length, subject: subjects.join(), subjects };
    const step = afterLook(state, look, since + minute * MINUTE);
    state = step.state;
    if (step.tell !== null) told.push([minute, step.tell, ...step.fresh].join(" "));
  });
  return { told, state };
}
const many = <T>(count: number, each: T): T[] => Array.from({ length: count }, () => each);

describe("an alarm that stays raised", () => {
  const raised = many(20, ["a"]);

  it("is told again when it is about something more, and names that", () => {
    expect(named([...raised, ...many(5, ["a", "b"])]).told).toEqual(["2 raised a", "22 more b"]);
  });

  it("is not told again of what comes and goes, nor of one that was told and only missed a look", () => {
    const flaps = [["a", "b"], ["a"], ["a", "b"], ["a", "b"], ["a"]];
    expect(named([...raised, ...flaps, ["b"], ...raised]).told).toEqual(["2 raised a"]);
  });

  it("is told again of a name that was told when it was right for six hours and is wrong anew, and not sooner", () => {
    const absent = (looks: number) => [...many(20, ["a", "b"]), ...many(looks, ["a"]), ...many(5, ["a", "b"])];
    const more = (looks: number) => named(absent(looks)).told.filter((each) => each.includes("more"));
    expect(more(TOLD_KEPT_LOOKS - 1)).toEqual([]);
    expect(more(TOLD_KEPT_LOOKS)).toEqual([`${20 + TOLD_KEPT_LOOKS + 2} more b`]);
  });

  it("is told once of a name that flickers, and nobody who has seen it is told of that name again", () => {
    const flicker = Array.from({ length: 600 }, (_, minute) =>
      Math.floor(minute / 10) % 2 === 0 ? ["a"] : ["a", "b"],
    );
    const { told, state } = named([...raised, ...flicker.slice(10)].slice(0, 300));
    expect(told).toEqual(["2 raised a", "22 more b"]);
    const by = { actor: "Lineo", reason: "a bad aerial", at: NOON + 300 * MINUTE, snoozeMs: null };
    expect(named(flicker, acknowledged(state, by) ?? state, NOON + 301 * MINUTE).told).toEqual([]);
  });

  it("that spreads from name to name tells four times an hour, each time all that is new", () => {
    const looks = Array.from({ length: 62 }, (_, minute) =>
      Array.from({ length: 1 + Math.floor(minute / 4) }, (_, place) => `site-${place}`),
    );
    const { told } = named(looks);
    expect(told.length).toBeLessThanOrEqual(1 + 60 / (AGAIN_MS_MIN / MINUTE));
    expect(
      told
        .join(" ")
        .match(/site-\d+/g)
        ?.sort(),
    ).toEqual([...new Set(told.join(" ").match(/site-\d+/g))].sort());
    expect(told.join(" ")).toContain("site-11");
  });

  it("without names is told again when it has doubled, and then when that has", () => {
    const values = [...many(20, 3), ...many(20, 5), ...many(20, 6), ...many(20, 11), ...many(3, 12)];
    const step = looked("copies_refused", values);
    expect(step.told.split(" ").flatMap((tell, minute) => (tell === "-" ? [] : [`${minute} ${tell}`]))).toEqual([
      "1 raised",
      "41 more",
      "81 more",
    ]);
  });

  it("keeps a bounded list of names, and of a larger one notices that it doubled", () => {
    const names = Array.from({ length: 200 }, (_, place) => `site-${place}`);
    const { told, state } = named([...many(20, names.slice(0, 60)), ...many(20, names)]);
    expect(state.about.length).toBe(SUBJECTS_MAX);
    expect(told.map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual(["2 raised", "22 more"]);
  });

  it("of a release that kept only that it was told is not told again until there is more", () => {
    const { about: _, told: __, grown: ___, ...old } = looked("silent_phone", [1, 1, 1]).state;
    const before = { ...newAlarm("silent_phone"), ...old };
    const step = named([...raised, ...many(3, ["a", "b"])], before, NOON + 5 * MINUTE);
    expect(step.told).toEqual(["22 more b"]);
  });
});

describe("an alarm that nobody acknowledges", () => {
  const HOURS_6 = REMIND_MS / MINUTE;
  /** One look an hour for so many days. */
  function hourly(days: number, from: AlarmState, since: number) {
    let state = from;
    const hours: number[] = [];
    for (let hour = 0; hour < days * 24; hour++) {
      const look = { name: "silent_phone" as const, value: 1, subject: "a", subjects: ["a"] };
      const step = afterLook(state, look, since + hour * 60 * MINUTE);
      state = step.state;
      if (step.tell !== null) hours.push(hour);
    }
    return { hours, state };
  }
  const { state } = named(many(3, ["a"]));

  it("is told again every six hours, and not for ever", () => {
    expect(named(many(HOURS_6 + 10, ["a"])).told).toEqual(["2 raised a", `${HOURS_6 + 2} reminder`]);
    const { hours } = hourly(30, state, NOON + 2 * MINUTE);
    expect(hours.slice(0, 3)).toEqual([6, 12, 18]);
    expect(hours.length).toBe(REMINDERS_MAX);
  });

  it("that somebody has seen is told no more, until there is more; then it has to be seen again", () => {
    const by = { actor: "Lineo", reason: "the mast is down", at: NOON + 5 * MINUTE, snoozeMs: null };
    const seen = acknowledged(state, by) ?? state;
    const later = hourly(2, seen, NOON + 6 * MINUTE);
    expect(later.hours).toEqual([]);
    const spread = named(many(4, ["a", "b"]), later.state, NOON + 3 * DAY);
    expect(spread.told).toEqual(["2 more b"]);
    expect(hourly(1, spread.state, NOON + 3 * DAY + 3 * 60 * MINUTE).hours).toEqual([4, 10, 16, 22]);
  });

  it("of a count that somebody has seen is told of any more of it, four times an hour at most", () => {
    const raisedOnce = looked("dead_letters", [10, 10, 11, 12]);
    expect(raisedOnce.told).toBe("raised - - -");
    const by = { actor: "Lineo", reason: "on it", at: NOON + 5 * MINUTE, snoozeMs: null };
    const seen = acknowledged(raisedOnce.state, by) ?? raisedOnce.state;
    // Fewer, and as many as were told, say nothing new.
    const calm = looked("dead_letters", many(30, 10).concat(many(5, 4), many(5, 10)), seen, NOON + 6 * MINUTE);
    expect(calm.told).not.toContain("more");
    const grown = looked("dead_letters", [...many(3, 10), ...many(40, 11)], seen, NOON + 30 * MINUTE);
    expect(grown.told.split(" ").flatMap((tell, minute) => (tell === "-" ? [] : [`${minute} ${tell}`]))).toEqual([
      "3 more",
    ]);
    // Told at minute 33; seen at once, and of what is more by then at minute 48.
    const short = looked("dead_letters", [...many(3, 10), ...many(2, 11)], seen, NOON + 30 * MINUTE).state;
    const again = acknowledged(short, { ...by, at: NOON + 34 * MINUTE }) ?? short;
    expect(looked("dead_letters", many(20, 12), again, NOON + 35 * MINUTE).told).toMatch(/^(- ){13}more( -){6}$/);
  });

  it("of an age that somebody has seen is not told since it grows", () => {
    const { limit } = ALARM_RULES.sms_age;
    const old = looked("sms_age", [limit + 1, limit + 2, limit + 3]).state;
    const by = { actor: "Lineo", reason: "on it", at: NOON + 3 * MINUTE, snoozeMs: null };
    const ages = Array.from({ length: 9 }, (_, minute) => limit + minute * MINUTE);
    expect(looked("sms_age", ages, acknowledged(old, by) ?? old, NOON + 20 * MINUTE).told).not.toContain("more");
  });

  it("that somebody asked silence for is told again when that has ended", () => {
    const by = { actor: "Lineo", reason: "later", at: NOON + 5 * MINUTE, snoozeMs: 8 * 60 * MINUTE };
    expect(hourly(1, acknowledged(state, by) ?? state, NOON + 6 * MINUTE).hours).toEqual([8, 14, 20]);
  });
});

describe("an alarm that there is no way to tell", () => {
  const look = { name: "dead_letters" as const, value: 1, subject: null };
  it("waits for one: it is told at the first look after there is", () => {
    const none = afterLook(newAlarm("dead_letters"), look, NOON, false);
    expect(none).toMatchObject({ tell: null, state: { raisedAt: NOON, isTold: false } });
    const still = afterLook(none.state, look, NOON + MINUTE, false);
    expect(still.tell).toBeNull();
    expect(afterLook(still.state, look, NOON + 2 * MINUTE, true).tell).toBe("raised");
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
    expect(tellingOf("reminder", state, NOON, NOON + 5).id).not.toBe(tellingOf("reminder", state, NOON, NOON + 6).id);
    expect(tellingOf("cleared", state, NOON, NOON).id).not.toBe(tellingOf("raised", state, NOON, NOON).id);
  });
  it("is one SMS of one part, whatever it is about", () => {
    const telling = tellingOf("raised", { ...state, subject: "x".repeat(300) }, NOON, NOON);
    expect(tellingText(telling, "LS")).toMatch(/^1PWR LS ALARM: suspense_age 2 d \(x+\. Runbook: operations\.md$/);
    expect(tellingText(telling, "LS").length).toBeLessThanOrEqual(160);
    const reminder = tellingOf("reminder", state, NOON, NOON + 1);
    expect(tellingText(reminder, "LS")).toBe("1PWR LS ALARM, still: suspense_age 2 d. Runbook: operations.md");
    const more = tellingOf("more", { name: "jobs", value: 7, subject: "a, b" }, NOON, NOON + 1, [..."cdefgh"]);
    expect(tellingText(more, "LS")).toBe("1PWR LS ALARM, more: jobs 7 (c, d, e, f, g, +1). Runbook: operations.md");
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
