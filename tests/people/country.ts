import { inject } from "vitest";
import { totpCode } from "../../src/adapters/totp.ts";
import type { Role } from "../../src/domain/permission.ts";
import { type AttemptKey, SESSION } from "../../src/domain/sign-in.ts";
import type { NewMember } from "../../src/ports/staff.ts";
import type { Env } from "../../workers/env.ts";
import { app } from "../../workers/index.ts";
import { databaseOf } from "../../workers/ports.ts";
import { signInPortsOf } from "../../workers/session.ts";
import { KEYS, settings } from "../workers/country.ts";
import { ownDatabase } from "./own-database.ts";

/** A deployment whose database answers. */
export const country: Env = {
  ...settings,
  DATABASE_URL: await ownDatabase("peopleDatabaseUrl"),
  NEON_SQL_URL: inject("peopleSqlUrl"),
};
export const ports = signInPortsOf(country);
/** Where the driver looks is one setting for all connections: each that is made here sets it right again. */
export const database = () => databaseOf(country);
/** What the database holds, for a test to look at. */
export const rows = <T>(query: string) => database().read<T>(query);
export const PASSWORD = "nine brown kettles";

type Answer = {
  status: number;
  headers: Headers;
  body: { [key: string]: unknown } & { error?: { kind: string; details: unknown } };
};
type Asked = { headers?: Record<string, string>; env?: Env };

/** An address of its own, so that no test is held up by what another tried. */
const anywhere = () => ["10", ...crypto.getRandomValues(new Uint8Array(3))].join(".");

/** A browser: it keeps the cookies it is given, and says from which page it asks. */
export class Browser {
  readonly jar = new Map<string, string>();
  readonly env: Env;
  readonly address: string;
  constructor(env: Env = country, address = anywhere()) {
    this.env = env;
    this.address = address;
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    { headers = {}, env = this.env }: Asked = {},
  ): Promise<Answer> {
    const response = await app.request(
      path,
      {
        method,
        headers: {
          ...(method === "GET" ? {} : { Origin: "http://localhost" }),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(this.jar.size === 0 ? {} : { Cookie: [...this.jar].map((pair) => pair.join("=")).join("; ") }),
          "CF-Connecting-IP": this.address,
          "User-Agent": "a browser of a test",
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      env,
    );
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (value === "") this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const isLive = response.headers.get("Content-Type") === "text/event-stream";
    const text = isLive ? await firstEvent(response) : await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith("{") ? JSON.parse(text) : { text },
    };
  }

  signIn = (email: string, password = PASSWORD) => this.ask("POST", "/api/sign-in", { email, password });
  code = (code: string) => this.ask("POST", "/api/sign-in/second-factor", { code });
  me = () => this.ask("GET", "/api/me");
}

/** A live line goes on for minutes: what it says first, and then nobody listens any more. */
async function firstEvent(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return new TextDecoder().decode(value);
}

let people = 0;
export const somebody = (over: Partial<NewMember> = {}): NewMember => ({
  email: `person-${++people}-${crypto.randomUUID().slice(0, 8)}@example.org`,
  name: "Mpho Sello",
  roles: ["generic"],
  site: null,
  countries: ["LS"],
  grants: [],
  ...over,
});

const by = () => ({ actor: "a test", reason: null, at: Date.now() });

/** Somebody who has set a password, and is not signed in. */
export async function member(over: Partial<NewMember> = {}) {
  const wanted = somebody(over);
  const { hash } = ports.secrets.drawToken();
  const added = await ports.staff.add(wanted, { hash, expiresAt: Date.now() + 60_000 }, by());
  if (!added.ok) throw new Error(JSON.stringify(added.error));
  const made = await ports.staff.byEmail(wanted.email);
  if (made === null) throw new Error("nobody was made");
  const passwordHash = await samePassword();
  await ports.staff.setPassword(made.staffId, { passwordHash, invitationHash: null, keep: null }, by());
  return { ...wanted, staffId: made.staffId };
}

/** A hash costs a fifth of a second: one is enough for all. */
let hashed: Promise<string> | null = null;
const samePassword = () => (hashed ??= ports.secrets.hashPassword(PASSWORD));

/** The same with an authenticator. */
export async function memberWithPhone(over: Partial<NewMember> = {}, at = Date.now()) {
  const made = await member({ roles: ["finance_team"], ...over });
  const browser = new Browser();
  await browser.signIn(made.email);
  const offered = await browser.ask("POST", "/api/sign-in/enrol");
  const secret = String(offered.body.secret);
  const proved = await browser.code(totpCode(secret, at));
  return { ...made, secret, browser, recoveryCodes: proved.body.recoveryCodes as string[] };
}

/** A session as after a whole sign-in, without its cost. */
export async function session(roles: Role[], over: Partial<NewMember> = {}) {
  const wanted = somebody({ roles, ...over });
  const { hash } = ports.secrets.drawToken();
  await ports.staff.add(wanted, { hash, expiresAt: Date.now() + 60_000 }, by());
  const made = await ports.staff.byEmail(wanted.email);
  if (made === null) throw new Error("nobody was made");
  const browser = new Browser();
  const { token, hash: tokenHash } = ports.secrets.drawToken();
  const at = Date.now();
  const { idleMs, totalMs } = SESSION.staff;
  const whose = { staffId: made.staffId };
  await ports.sessions.open({
    whose,
    tokenHash,
    idleMs,
    expiresAt: at + totalMs,
    secondFactorAt: at,
    userAgent: null,
    at,
  });
  browser.jar.set("__Host-cc-ls-session", token);
  return { ...made, browser };
}

/** As somebody had failed twelve times by now: two minutes are to be waited. */
export async function holdUp(key: AttemptKey) {
  let at = Date.now() - 127_000;
  for (let failures = 0; failures < 12; failures++) {
    at += await ports.attempts.take([key], at);
    if (failures >= key.free + 1) await ports.attempts.take([key], at);
  }
}

/** With the operator's key, as the commands ask. */
export const ops = (method: string, path: string, body?: unknown) =>
  new Browser().ask(method, `/api/ops${path}`, body, { headers: { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" } });

/** A customer who has claimed an account. */
/** The id that an account has in the database: its object goes by no other. */
export async function idOf(account: string): Promise<number> {
  const [row] = await rows<{ id: number }>(`SELECT id FROM accounts WHERE account_number = '${account}'`);
  if (row === undefined) throw new Error(`no account ${account}`);
  return row.id;
}

export async function customer(account: string) {
  const site = account.slice(4);
  await ops("POST", "/sites", { sites: [{ code: site, name: site, district: "Berea" }] });
  const phone = `2665000${account.slice(0, 4)}`;
  const made = { account, name: "Thabo Mokoena", phone, language: "st", status: "live", aliases: [], meters: [] };
  await ops("POST", "/accounts", { accounts: [made] });
  const { body } = await ops("POST", "/claim-codes", { account });
  const browser = new Browser();
  const claimed = await browser.ask("POST", "/api/my/claim", { account, code: body.code, password: PASSWORD });
  if (claimed.status !== 200) throw new Error(JSON.stringify(claimed.body));
  return browser;
}
