import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ALONE, LATE, startTurns, takeTurn } from "./browser/turns.ts";

let turns: Awaited<ReturnType<typeof startTurns>>;
beforeEach(async () => {
  turns = await startTurns();
});
afterEach(() => turns.close());

/** A file of journeys that asks for its turn, and what became of it. */
function asks(isAlone: boolean) {
  const file = { hasTurn: false, end: async () => (await turn)() };
  const turn = takeTurn(turns.port, isAlone).then((giveBack) => {
    file.hasTurn = true;
    return giveBack;
  });
  return file;
}
const moment = () => new Promise((done) => setTimeout(done, 50));

it("lets many files have the world at a time", async () => {
  const files = [asks(false), asks(false)];
  await expect.poll(() => files.every(({ hasTurn }) => hasTurn)).toBe(true);
});

it("gives the world to one alone when all others are over, and lets none begin beside it", async () => {
  const one = asks(false);
  await expect.poll(() => one.hasTurn).toBe(true);
  const alone = asks(true);
  await moment();
  const later = asks(false);
  await moment();
  expect([alone.hasTurn, later.hasTurn]).toEqual([false, false]);
  await one.end();
  await expect.poll(() => alone.hasTurn).toBe(true);
  await moment();
  expect(later.hasTurn).toBe(false);
  await alone.end();
  await expect.poll(() => later.hasTurn).toBe(true);
});

it("takes the turn back from a file whose worker died, and forgets one that died while it waited", async () => {
  const line = async () => {
    const socket = createConnection({ port: turns.port, host: "127.0.0.1" });
    await once(socket, "connect");
    socket.write("alone");
    return socket;
  };
  const having = await line();
  await once(having, "data");
  const waiting = await line();
  await moment();
  const last = asks(true);
  await moment();
  waiting.resetAndDestroy();
  having.resetAndDestroy();
  await expect.poll(() => last.hasTurn).toBe(true);
});

it("names only files that there are", () => {
  const files = readdirSync(new URL("./browser", import.meta.url));
  for (const file of [...LATE, ...Object.keys(ALONE)]) expect(files).toContain(file);
});
