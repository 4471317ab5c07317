import { describe, expect, it } from "vitest";
import { type DarkFacts, lightAgain, SAID_MAX } from "../../src/domain/light-again.ts";

const AT = Date.parse("2026-11-29T12:00:00Z");
const MINUTE = 60_000;
const connect = (endedAt: number | null, over: object = {}) => ({
  ...{ action: "connect", state: "completed", endedAt },
  ...over,
});
const said = (minute: number, text: string) => ({ at: AT + minute * MINUTE, text });
const lit: DarkFacts = {
  ...{ ticketId: 7, version: 0, summary: "ha ho motlakase", wasRaised: false, messageId: 0 },
  ...{ since: AT, said: [], leftWh: 10_000, connected: true, heardAt: AT + 20 * MINUTE },
  command: connect(AT + 10 * MINUTE),
};

describe("a customer's ticket of no power", () => {
  it("ends though money and the wait were complained of in the same breath: credit was what lacked", () => {
    for (const text of [
      "I paid M50 and there is no power",
      "no power, nobody came, I complain",
      "ke lefile empa ha ho motlakase",
    ])
      expect(lightAgain({ ...lit, said: [said(0, text)] })).not.toBeNull();
  });

  it("ends where the meter has credit, was connected and was read with light since", () => {
    const end = lightAgain(lit);
    expect(end).toMatchObject({ ticketId: 7, cause: "light_again" });
    expect(end?.resolution).toBe("connected at 2026-11-29 12:10 UTC, read with light at 2026-11-29 12:20 UTC");
  });

  it.each([
    ...[
      "Kea leboha!",
      "thank you very much",
      "Merci, le courant est revenu",
      "motlakase o khutlile",
      "Merci beaucoup à vous tous",
    ],
    ...[
      "The lights are back on now, thank you so much",
      "Kea leboha haholo ntate",
      "Thanks 1PWR team",
      "It works now. God bless you",
    ],
  ])("ends all the same where the customer said %j after the connect", (text) =>
    expect(lightAgain({ ...lit, said: [said(11, text), said(-1, "ha ho motlakase")] })).not.toBeNull(),
  );

  it.each<[string, Partial<DarkFacts>]>([
    ["nothing is left", { leftWh: 0 }],
    ["nobody knows what is left", { leftWh: null }],
    ["the relay is open", { connected: false }],
    ["nobody knows how the relay is", { connected: null }],
    ["nothing was heard", { heardAt: null }],
    ["the last reading is older than the connect", { heardAt: AT + 9 * MINUTE }],
    ["the relay was closed all the time", { command: null }],
    ["it was connected before the customer wrote", { command: connect(AT - MINUTE) }],
    ["it was opened again after it", { since: AT + 11 * MINUTE }],
    ["the customer complained again after it", { said: [said(11, "ha ho motlakase")] }],
    ["the customer wrote after it what nobody can read", { said: [said(12, "kea leboha"), said(11, "???")] }],
    ["the customer thanks for the answer and has no light", { said: [said(11, "Thank you, but still nothing here")] }],
    ...(
      [
        ...[
          "thank you, the lights go on and off every minute",
          "Thank you. please come tomorrow, it is dark",
          "thanks, dead again",
        ],
        ...[
          "power is back next door only",
          "Merci, ça saute tout le temps",
          "power is back?",
          "thanks 没有电",
          "when power is back call me",
        ],
        ...[
          "kea leboha empa ho lefifi",
          "kea leboha, motlakase o ea tima",
          "le courant est revenu chez le voisin",
          "it never works again",
        ],
      ] as const
    ).map((text): [string, Partial<DarkFacts>] => [`the customer wrote after it: ${text}`, { said: [said(11, text)] }]),
    ...(
      [
        ...[
          "a tree fell on the line, no power here",
          "they stole the cable, no electricity",
          "no power, there are sparks",
        ],
        ...[
          "ha ho motlakase, sefate se oetse terata",
          "plus de courant, on a volé le câble",
          "no power and the display is blank",
        ],
      ] as const
    ).map((text): [string, Partial<DarkFacts>] => [`it has another cause: ${text}`, { said: [said(0, text)] }]),
    ["its summary names another cause", { summary: "no power: a branch on the line" }],
    ["it was of another kind before the customer wrote of no power", { wasRaised: true }],
    ["more was said than anybody has read", { said: Array.from({ length: SAID_MAX }, () => said(0, "no power")) }],
    ["the connect failed", { command: connect(AT + 10 * MINUTE, { state: "timed_out" }) }],
    ["the connect waits", { command: connect(null, { state: "published" }) }],
    ["the newest command was a disconnect", { command: connect(AT + 10 * MINUTE, { action: "disconnect" }) }],
  ])("stays where %s", (_, over) => expect(lightAgain({ ...lit, ...over })).toBeNull());
});
