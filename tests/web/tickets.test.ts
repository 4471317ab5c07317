import { describe, expect, it } from "vitest";
import {
  TICKET_CATEGORIES,
  TICKET_CLASSES,
  TICKET_PRIORITIES,
  TICKET_SOURCES,
  TICKET_STATES,
} from "../../src/domain/ticket.ts";
import { TICKET_RULES } from "../../src/domain/ticket-rules.ts";
import { queryOf, saidOf } from "../../web/pages/tickets/model.ts";
import en from "../../web/pages/tickets/words/en.ts";

describe("a ticket's words", () => {
  it("name each state, class, category, priority, source and rule", () => {
    const named = [
      ...TICKET_STATES.map((each) => `state_${each}`),
      ...TICKET_CLASSES.map((each) => `class_${each}`),
      ...TICKET_CATEGORIES.map((each) => `category_${each}`),
      ...TICKET_PRIORITIES.map((each) => `priority_${each}`),
      ...TICKET_SOURCES.map((each) => `source_${each}`),
      ...TICKET_RULES.map((each) => `rule_${each}`),
    ];
    expect(Object.keys(en)).toEqual(expect.arrayContaining(named));
  });
});

describe("the list", () => {
  it("asks for what was chosen, and for nothing that was not", () => {
    const none = { state: "any", mine: "", site: "", class: "", category: "", priority: "", q: "" };
    expect(queryOf(none)).toEqual({});
    expect(queryOf({ ...none, state: "unresolved", site: "MAK" })).toEqual({ state: "unresolved", site: "MAK" });
  });
});

describe("a line of the history", () => {
  it("says which fields changed and why, and leaves out what is not known", () => {
    const details = { set: { state: "pending", site_code: null }, reason: "waits for a pole" };
    expect(saidOf({ kind: "changed", details })).toEqual([
      { name: "reason", value: "waits for a pole" },
      { name: "state", value: "pending" },
    ]);
    expect(saidOf({ kind: "assigned", details: { to: "staff:7 lineo@example.org" } })).toEqual([
      { name: "to", value: "staff:7 lineo@example.org" },
    ]);
  });
});
