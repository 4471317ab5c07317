import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { totpCode } from "../src/adapters/totp.ts";
import { ROLES, type Role } from "../src/domain/permission.ts";
import { call, type Door } from "./door.ts";
import { drawKey } from "./keys.ts";
import { Person } from "./person.ts";

export type SeededStaff = {
  email: string;
  password: string;
  roles: Role[];
  name: string;
  site: string | null;
  /** What an authenticator would hold; null where the roles need none. `npm run staff:code` says its number. */
  totpSecret: string | null;
  recoveryCodes: string[];
};
type Kept = { staff: SeededStaff[]; passwords: Record<string, string> };

export type PeopleOptions = {
  door: Door;
  stateFile: string;
  reset: boolean;
  now(): number;
  /** Where the field registrar works; null where there is no site yet, and then nobody registers. */
  site: string | null;
  accounts: string[];
  /** A world that nobody looks around in needs a few: each password costs a fifth of a second. */
  few: boolean;
};

const FEW_ROLES: readonly Role[] = ["superadmin", "finance_team"];
const FEW_ACCOUNTS = 2;
const AT_ONCE = 4;
const ACTOR = "demo world";
const NAMES: Record<Role, string> = {
  superadmin: "Lineo Khalane",
  onm_team: "Tau Sekhonyana",
  finance_team: "Puleng Motsoene",
  engineering: "Kabelo Nthako",
  field_registrar: "Limpho Tsolo",
  generic: "Sello Mahao",
};

/**
 * One demo person for each role, and the customers' own passwords, made as real people make them: an invitation taken, an
 * authenticator enrolled, an account claimed with a code. Nobody else has these passwords, so they are kept beside the world.
 */
export async function seedPeople(options: PeopleOptions): Promise<Kept> {
  const { stateFile, reset, few, accounts, site } = options;
  const kept: Kept =
    !reset && existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, "utf8")) : { staff: [], passwords: {} };
  const wanted = (few ? FEW_ROLES : ROLES).filter((role) => role !== "field_registrar" || site !== null);
  const roles = wanted.filter((role) => !kept.staff.some((each) => each.roles.includes(role)));
  const unclaimed = accounts.slice(0, few ? FEW_ACCOUNTS : accounts.length).filter((each) => !kept.passwords[each]);
  const jobs = [
    ...roles.map((role) => async () => void kept.staff.push(await member(options, role))),
    ...unclaimed.map((account) => async () => {
      kept.passwords[account] = await claim(options, account);
    }),
  ];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
    }),
  );
  kept.staff.sort((a, b) => order(a) - order(b));
  await writeFile(stateFile, JSON.stringify(kept, null, 2), { mode: 0o600 });
  return kept;
}

const order = ({ roles: [role = "generic"] }: SeededStaff) => ROLES.indexOf(role);

async function member({ door, site, now }: PeopleOptions, role: Role): Promise<SeededStaff> {
  const own = role === "field_registrar" ? site : null;
  const email = `${role.replace("_", "-")}@example.org`;
  const password = `demo ${drawKey()}`;
  const person = new Person(door.url);
  const code = await invitation(door, { email, name: NAMES[role], roles: [role], site: own });
  const { next } = await person.tell<{ next: string }>("/invitations/take", { code, password });
  const made = { email, password, roles: [role], name: NAMES[role], site: own };
  if (next !== "enrol") return { ...made, totpSecret: null, recoveryCodes: [] };
  const { secret } = await person.tell<{ secret: string }>("/sign-in/enrol");
  const shown = { code: totpCode(secret, now()) };
  const { recoveryCodes } = await person.tell<{ recoveryCodes: string[] }>("/sign-in/second-factor", shown);
  return { ...made, totpSecret: secret, recoveryCodes };
}

type Invited = { invitation: { code: string } };
type Listed = { staff: { staffId: number; email: string }[] };

/** Who is there already, from a start that was cut short, begins anew. */
async function invitation(door: Door, body: { email: string; name: string; roles: Role[]; site: string | null }) {
  const { staff } = await call<Listed>(door, "GET", "/staff", undefined, ACTOR);
  const known = staff.find(({ email }) => email === body.email);
  if (known === undefined) return (await call<Invited>(door, "POST", "/staff", body, ACTOR)).invitation.code;
  await call(door, "POST", `/staff/${known.staffId}/reset-totp`, undefined, ACTOR);
  return (await call<Invited>(door, "POST", `/staff/${known.staffId}/invite`, undefined, ACTOR)).invitation.code;
}

async function claim({ door }: PeopleOptions, account: string): Promise<string> {
  const password = `demo ${drawKey().slice(0, 12)}`;
  const { code } = await call<{ code: string }>(door, "POST", "/claim-codes", { account }, ACTOR);
  await new Person(door.url).tell("/my/claim", { account, code, password });
  return password;
}
