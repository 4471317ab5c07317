import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { totpCode } from "../src/adapters/totp.ts";
import type { CountryCode } from "../src/domain/country.ts";
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
  /** Where this person works. They sign in where staff are at home. */
  countries: CountryCode[];
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
  country: CountryCode;
  /** Whose staff are at home here, this country among them; none: staff are at home elsewhere. */
  homeOf: CountryCode[];
  /** A world that nobody looks around in needs a few: each password costs a fifth of a second. */
  few: boolean;
};

const FEW_ROLES: readonly Role[] = ["superadmin", "finance_team"];
const FEW_ACCOUNTS = 2;
const AT_ONCE = 4;
const ACTOR = "demo world";
/** Who works in every country of the world: the others in one. */
const EVERYWHERE: readonly Role[] = ["superadmin", "finance_team"];
/** Of each other country somebody who works there alone. */
const THERE: Role = "onm_team";
const NAME_THERE = "Afi Dossou";
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
 * Where staff of several countries are at home, some work in all of them, and of each other country one works there alone.
 */
export async function seedPeople(options: PeopleOptions): Promise<Kept> {
  const { stateFile, reset, few, accounts, site, country, homeOf } = options;
  const kept: Kept =
    !reset && existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, "utf8")) : { staff: [], passwords: {} };
  const roles = (few ? FEW_ROLES : ROLES).filter((role) => role !== "field_registrar" || site !== null);
  const wanted: Wanted[] = [
    ...roles.map((role) => wantedOf(role, EVERYWHERE.includes(role) ? homeOf : [country])),
    ...homeOf.filter((code) => code !== country && !few).map(wantedThere),
  ].filter(() => homeOf.length > 0);
  const missing = wanted.filter((each) => !kept.staff.some(isAlready(each)));
  kept.staff = kept.staff.filter((each) => wanted.some((one) => isAlready(one)(each)));
  const unclaimed = accounts.slice(0, few ? FEW_ACCOUNTS : accounts.length).filter((each) => !kept.passwords[each]);
  const jobs = [
    ...missing.map((each) => async () => void kept.staff.push(await member(options, each))),
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

type Wanted = Pick<SeededStaff, "email" | "name" | "roles" | "countries">;
/** Who is there from an earlier start, and works in the same countries. */
const isAlready = (wanted: Wanted) => (kept: SeededStaff) =>
  kept.email === wanted.email && String(kept.countries) === String(wanted.countries);
const wantedOf = (role: Role, countries: CountryCode[]): Wanted => ({
  email: `${role.replace("_", "-")}@example.org`,
  name: NAMES[role],
  roles: [role],
  countries,
});
const wantedThere = (code: CountryCode): Wanted => {
  const wanted = wantedOf(THERE, [code]);
  return { ...wanted, email: `${code.toLowerCase()}-${wanted.email}`, name: NAME_THERE };
};

async function member({ door, site, now }: PeopleOptions, wanted: Wanted): Promise<SeededStaff> {
  const own = wanted.roles.includes("field_registrar") ? site : null;
  const password = `demo ${drawKey()}`;
  const person = new Person(door.url);
  const code = await invitation(door, { ...wanted, site: own });
  const { next } = await person.tell<{ next: string }>("/invitations/take", { code, password });
  const made = { ...wanted, password, site: own };
  if (next !== "enrol") return { ...made, totpSecret: null, recoveryCodes: [] };
  const { secret } = await person.tell<{ secret: string }>("/sign-in/enrol");
  const shown = { code: totpCode(secret, now()) };
  const { recoveryCodes } = await person.tell<{ recoveryCodes: string[] }>("/sign-in/second-factor", shown);
  return { ...made, totpSecret: secret, recoveryCodes };
}

type Invited = { invitation: { code: string } };
type Listed = { staff: { staffId: number; email: string }[] };

/** Who is there already, from a start that was cut short, begins anew. */
async function invitation(door: Door, body: Wanted & Pick<SeededStaff, "site">) {
  const { staff } = await call<Listed>(door, "GET", "/staff", undefined, ACTOR);
  const known = staff.find(({ email }) => email === body.email);
  if (known === undefined) return (await call<Invited>(door, "POST", "/staff", body, ACTOR)).invitation.code;
  await call(door, "PATCH", `/staff/${known.staffId}`, { countries: body.countries }, ACTOR);
  await call(door, "POST", `/staff/${known.staffId}/reset-totp`, undefined, ACTOR);
  return (await call<Invited>(door, "POST", `/staff/${known.staffId}/invite`, undefined, ACTOR)).invitation.code;
}

async function claim({ door }: PeopleOptions, account: string): Promise<string> {
  const password = `demo ${drawKey().slice(0, 12)}`;
  const { code } = await call<{ code: string }>(door, "POST", "/claim-codes", { account }, ACTOR);
  await new Person(door.url).tell("/my/claim", { account, code, password });
  return password;
}
