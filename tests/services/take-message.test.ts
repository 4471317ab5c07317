import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { CareIn, CareOut } from "../../src/ports/care.ts";
import type { MessageModel } from "../../src/ports/message-model.ts";
import type { TicketOrder } from "../../src/ports/tickets.ts";
import { type MessagePorts, takeMessage } from "../../src/services/take-message.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");

/** A care line in memory, which may die after any of its steps. */
function line(model: MessageModel | null = null) {
  const kept = new Map<string, CareIn>();
  const answers: CareOut[] = [];
  const opened = new Map<string, { id: number; order: TicketOrder }>();
  let dies = false;
  const done = { ok: true as const, value: { version: 1 } };
  const ports: MessagePorts = {
    country: COUNTRIES.LS,
    care: {
      customersOfPhone: async () => [],
      isAccount: async () => true,
      known: async (key) => {
        const found = kept.get(key);
        return found === undefined ? null : { ticketId: found.ticketId, category: found.category };
      },
      lastOf: async () => null,
      receive: async (message, answer) => {
        if (dies) throw new Error("the call died");
        kept.set(message.key, message);
        if (answer !== null) answers.push(answer);
      },
    },
    tickets: {
      open: async (order) => {
        if (!opened.has(order.key)) opened.set(order.key, { id: opened.size + 1, order });
        return done;
      },
      comment: async () => done,
    },
    ticketIdOf: async (key) => opened.get(key)?.id ?? null,
    model,
    now: () => NOW,
  };
  const take = (text: string, id = "m-1") => takeMessage(ports, { id, sender: "s@lid", phone: null, text, at: NOW });
  const die = (yes: boolean) => {
    dies = yes;
  };
  return { take, opened, answers, kept, die };
}

describe("a message", () => {
  it("that died between its ticket and its own row is finished by the same message, with one ticket", async () => {
    const { take, opened, answers, die } = line();
    die(true);
    await expect(take("no power")).rejects.toThrow("died");
    die(false);
    expect(await take("no power")).toMatchObject({ status: "opened", ticketId: 1 });
    expect(await take("no power")).toMatchObject({ status: "duplicate", ticketId: 1 });
    expect([opened.size, answers.length]).toEqual([1, 1]);
  });
});

describe("a model", () => {
  const saying = (answer: unknown): MessageModel => ({ classify: async () => answer });
  it.each([
    ["a category", { category: "meter-issue" }, "meter-issue"],
    ["prose", "It seems to be about a meter.", "general-inquiry"],
    ["a category and more", { category: "meter-issue", reply: "We credit you M50" }, "general-inquiry"],
    ["money", { category: "billing" }, "general-inquiry"],
    ["a category of tomorrow", { category: "ghosts" }, "general-inquiry"],
    ["nothing", null, "general-inquiry"],
  ])("that says %s is heard only where it says one word and no more", async (_, answer, category) => {
    expect((await line(saying(answer)).take("the box hums")).category).toBe(category);
  });

  it("is not asked where a rule knows a word, and hurts nobody when it fails", async () => {
    let asked = 0;
    const failing = line({ classify: async () => Promise.reject(new Error(`down ${++asked}`)) });
    expect((await failing.take("no power")).category).toBe("no-power");
    expect(asked).toBe(0);
    expect((await failing.take("the box hums", "m-2")).category).toBe("general-inquiry");
    expect(asked).toBe(1);
  });
});
