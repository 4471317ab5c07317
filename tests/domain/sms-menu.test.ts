import { describe, expect, it } from "vitest";
import { menuQuestion } from "../../src/domain/sms-menu.ts";

describe("a question by SMS", () => {
  it.each([
    ["PAID", "last_payment"],
    ["last payment please", "last_payment"],
    ["Dernier paiement svp", "last_payment"],
    ["payé", "last_payment"],
    ["Lefile", "last_payment"],
    ["HELP", "help"],
    ["Aide !", "help"],
    ["Ka kopo thuso", "help"],
    ["menu", "help"],
    ["I paid", undefined],
    ["paid 50", undefined],
    ["help there is fire", undefined],
    ["BAL", undefined],
    ["", undefined],
    [`help${" ".repeat(60)}`, undefined],
  ])("%j is about %s", (text, about) => {
    expect(menuQuestion(text)).toEqual(about === undefined ? null : { about });
  });
});
