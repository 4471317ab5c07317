import { describe, expect, it } from "vitest";
import { COUNTRIES } from "../../src/domain/country.ts";
import type { CareIn } from "../../src/ports/care.ts";
import type { MessageModel } from "../../src/ports/message-model.ts";
import type { TicketOrder } from "../../src/ports/tickets.ts";
import { type MessagePorts, takeMessage } from "../../src/services/take-message.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");

/** A care line in memory, which may die before or after its next step. */
function line(model: MessageModel | null = null) {
  const kept = new Map<string, CareIn>();
  const answers: string[] = [];
  const opened = new Map<string, { id: number; order: TicketOrder }>();
  const comments: [number, string][] = [];
  const raised: [number, string][] = [];
  let dies: "before" | "after" | null = null;
  const done = { ok: true as const, value: { version: 1 } };
  const keep = (message: CareIn, answer: string | undefined) => {
    if (dies === "before") throw new Error("the call died");
    if (!kept.has(message.key) && answer !== undefined) answers.push(answer);
    if (!kept.has(message.key)) kept.set(message.key, message);
    if (dies === "after") throw new Error("the answer was lost");
  };
  const ports: MessagePorts = {
    country: COUNTRIES.LS,
    care: {
      customersOfPhone: async () => [],
      isAccount: async () => true,
      known: async (key) => {
        const found = kept.get(key);
        return found === undefined ? null : { ticketId: found.ticketId, category: found.category };
      },
      lastOf: async () => {
        const last = [...kept.values()].findLast(({ ticketId }) => ticketId !== null);
        const ticketId = last?.ticketId ?? null;
        return {
          seenId: kept.size,
          last: last === undefined || ticketId === null ? null : { ticketId, at: last.at, isResolved: false },
        };
      },
      openTicket: async (order, message, { key }, { seenId }) => {
        if ([...kept.values()].slice(seenId).some((each) => each.ticketId !== null && each.key !== message.key))
          return { ok: false, error: { kind: "exists", detail: "a newer message" } };
        if (dies !== "before" && !opened.has(order.key)) opened.set(order.key, { id: opened.size + 1, order });
        keep({ ...message, ticketId: opened.get(order.key)?.id ?? null }, key);
        return done;
      },
      extendTicket: async (message, { key }, raiseTo) => {
        comments.push([message.ticketId, message.text]);
        if (raiseTo !== null) raised.push([message.ticketId, `${message.category} ${raiseTo}`]);
        keep(message, key);
        return done;
      },
      receive: async (message, answer) => keep(message, answer?.key),
    },
    ticketIdOf: async (key) => opened.get(key)?.id ?? null,
    model,
    now: () => NOW,
  };
  const take = (text: string, id = "m-1") => takeMessage(ports, { id, sender: "s@lid", phone: null, text, at: NOW });
  const die = (how: typeof dies) => {
    dies = how;
  };
  return { take, opened, answers, comments, raised, die };
}

describe("a message", () => {
  it.each([
    ["before", "opened"],
    ["after", "duplicate"],
  ] as const)("that died %s it was kept is finished by the same message, with one ticket", async (how, status) => {
    const { take, opened, answers, die } = line();
    die(how);
    await expect(take("no power")).rejects.toThrow(/died|lost/);
    die(null);
    expect(await take("no power")).toMatchObject({ status, ticketId: 1 });
    expect(await take("no power")).toMatchObject({ status: "duplicate", ticketId: 1 });
    expect([opened.size, answers.length]).toEqual([1, 1]);
  });

  it("after one that died, and before it comes again: one ticket, and both are answered", async () => {
    const { take, opened, answers, comments, die } = line();
    die("before");
    await expect(take("no power")).rejects.toThrow("died");
    die(null);
    expect(await take("ha ho motlakase", "m-2")).toMatchObject({ status: "opened", ticketId: 1 });
    expect(await take("no power")).toMatchObject({ status: "extended", ticketId: 1 });
    expect([opened.size, answers, comments]).toEqual([1, ["answer:m-2", "answer:m-1"], [[1, "no power"]]]);
  });

  it("of two at once is one ticket, with which the other goes on", async () => {
    const { take, opened, answers } = line();
    const both = await Promise.all([take("no power"), take("no power at all", "m-2")]);
    expect(both.map(({ status, ticketId }) => [status, ticketId])).toEqual([
      ["opened", 1],
      ["extended", 1],
    ]);
    expect([opened.size, answers.length]).toEqual([1, 2]);
  });

  it("raises the ticket it goes on with to what it says, and a question raises nothing", async () => {
    const { take, raised } = line();
    await take("a tree is on the line");
    await take("there are sparks now", "m-2");
    await take("when do you come?", "m-3");
    expect(raised).toEqual([[1, "equipment-failure P1"]]);
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
