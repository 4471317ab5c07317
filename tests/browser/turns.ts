import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";

/**
 * Journeys of two files are made at a time in one world. A file that takes something from all others has the world to itself:
 * it waits until they are over, and they wait for it.
 */
export const ALONE: { [file: string]: string } = {
  "funnel.test.ts": "counts customers twice, and nobody may be registered in between",
  "account-alone.test.ts": "takes the database away for some seconds, and measures how soon a balance is explained",
  "hr.test.ts": "empties the directory of who works here",
  "my.test.ts": "measures how soon a page stands",
  "tables-scroll.test.ts": "measures how smoothly a page scrolls",
  "stopped.test.ts": "breaks the database's answers, and lets a site go dark",
};

/** What these look at a world that has just begun still adds up: they come when the others have been made. */
export const LATE = ["profiles.test.ts", "reports.test.ts", "frozen.test.ts", "sums.test.ts"];

type Waiting = { socket: Socket; isAlone: boolean };

/** Gives the world to many files or to one alone, in the order in which they ask. Whoever ends, also by dying, gives it back. */
export async function startTurns(): Promise<{ port: number; close(): void }> {
  const waiting: Waiting[] = [];
  const having = new Map<Socket, boolean>();
  const next = () => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      if (first.isAlone ? having.size > 0 : [...having.values()].includes(true)) return;
      waiting.shift();
      having.set(first.socket, first.isAlone);
      first.socket.write("go");
    }
  };
  const server = createServer((socket) => {
    socket.once("data", (asked) => {
      waiting.push({ socket, isAlone: asked.toString("utf8") === "alone" });
      next();
    });
    // A worker that is ended cuts its line: that is its way to give the world back, and "close" follows.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      having.delete(socket);
      const nth = waiting.findIndex((each) => each.socket === socket);
      if (nth >= 0) waiting.splice(nth, 1);
      next();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the turns have no port");
  return {
    port: address.port,
    close: () => {
      server.close();
      for (const socket of [...having.keys(), ...waiting.map(({ socket }) => socket)]) socket.destroy();
    },
  };
}

/** Waits for a turn; answers how it is given back. */
export async function takeTurn(port: number, isAlone: boolean): Promise<() => void> {
  const socket = createConnection({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  socket.write(isAlone ? "alone" : "many");
  await once(socket, "data");
  return () => socket.destroy();
}
