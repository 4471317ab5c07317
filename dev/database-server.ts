/** A PostgreSQL server with the two roles of the system, ours or one that DATABASE_URL names. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

export type Secrets = { superuser: string; owner: string; app: string };

/** Every URL takes another port, for those who come through the proxy. */
export type DatabaseServer = {
  host: string;
  port: number;
  superUrl(database?: string, port?: number): string;
  /** The role that owns tables and runs migrations. */
  ownerUrl(database: string, port?: number): string;
  /** The role the Worker uses. */
  appUrl(database: string, port?: number): string;
  /** Makes the database if it is missing; made anew when the server was opened with `reset`. */
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
};

const secretsFile = (dataDir: string) => join(dataDir, "postgres-secrets.json");

export const hasSecrets = (dataDir: string): boolean => existsSync(secretsFile(dataDir));

/** Passwords are drawn at the first start and kept for this clone alone. There is no default. */
export function secretsIn(dataDir: string): Secrets {
  const file = secretsFile(dataDir);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Secrets;
  const draw = () => randomBytes(24).toString("hex");
  const secrets = { superuser: draw(), owner: draw(), app: draw() };
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

type Opening = { superUrl: string; secrets: Secrets; reset: boolean; stop: () => Promise<void> };

/** Sees to the roles and answers the server's URLs. `superUrl` may be anyone who can create roles and databases. */
export async function openDatabaseServer({ superUrl, secrets, reset, stop }: Opening): Promise<DatabaseServer> {
  const base = new URL(superUrl);
  const urlFor = (user: string | null, password: string | null, database: string, port?: number) => {
    const url = new URL(base);
    if (user !== null) url.username = user;
    if (password !== null) url.password = password;
    if (port !== undefined) url.host = `127.0.0.1:${port}`;
    url.pathname = `/${database}`;
    return url.href;
  };
  const superDatabase = base.pathname.slice(1) || "postgres";
  const server: DatabaseServer = {
    host: base.hostname,
    port: Number(base.port || 5432),
    superUrl: (database = superDatabase, port) => urlFor(null, null, database, port),
    ownerUrl: (database, port) => urlFor("cc_owner", secrets.owner, database, port),
    appUrl: (database, port) => urlFor("cc_app", secrets.app, database, port),
    createDatabase: async (name) => {
      if (reset) await server.dropDatabase(name);
      await createDatabase(server, name);
    },
    dropDatabase: (name) =>
      withClient(server.superUrl(), async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
      }),
    stop,
  };
  await withClient(server.superUrl(), async (client) => {
    for (const [role, password] of [["cc_owner", secrets.owner] as const, ["cc_app", secrets.app] as const]) {
      const found = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [role]);
      const verb = found.rowCount === 0 ? "CREATE" : "ALTER";
      await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
      // Whoever is not a superuser must be a member of a role to give it a database.
      await client.query(`GRANT ${role} TO CURRENT_USER`).catch(() => undefined);
    }
  });
  return server;
}

async function createDatabase(server: DatabaseServer, name: string) {
  await withClient(server.superUrl(), async (client) => {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (found.rowCount === 0) {
      const options = "OWNER cc_owner ENCODING 'UTF8' TEMPLATE template0";
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} ${options}`);
    }
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} SET timezone TO 'UTC'`);
    await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(name)} TO cc_app`);
  });
}

/** One connection for one piece of work. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that goes away while the client is idle must not end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
