/** The one road to PostgreSQL on a laptop, so that the database can be "down" for everybody at once. */
import { connect, createServer, type Socket } from "node:net";

export type DatabaseProxy = {
  port: number;
  /** Cuts every open connection and refuses new ones for this long; without a number until `up()`. */
  down(seconds?: number): void;
  up(): void;
  isDown(): boolean;
  close(): Promise<void>;
};

export type DatabaseProxyOptions = {
  /** 0 takes a free port. */
  listenPort: number;
  targetPort: number;
  targetHost?: string;
};

export function startDatabaseProxy(options: DatabaseProxyOptions): Promise<DatabaseProxy> {
  const { listenPort, targetPort, targetHost = "127.0.0.1" } = options;
  const open = new Set<Socket>();
  let refusing = false;
  let upTimer: NodeJS.Timeout | undefined;

  const track = (socket: Socket, other: () => Socket) => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => other().destroy());
    socket.on("close", () => {
      open.delete(socket);
      other().destroy();
    });
  };
  const server = createServer((client) => {
    if (refusing) return client.resetAndDestroy();
    const target = connect(targetPort, targetHost);
    track(client, () => target);
    track(target, () => client);
    client.pipe(target);
    target.pipe(client);
    return undefined;
  });
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const up = () => {
    clearTimeout(upTimer);
    refusing = false;
  };
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(listenPort, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: address !== null && typeof address === "object" ? address.port : listenPort,
        down(seconds) {
          up();
          refusing = true;
          cut();
          if (seconds !== undefined) upTimer = setTimeout(up, seconds * 1000);
        },
        up,
        isDown: () => refusing,
        close: () =>
          new Promise((done) => {
            up();
            server.close(() => done());
            cut();
          }),
      });
    });
  });
}
