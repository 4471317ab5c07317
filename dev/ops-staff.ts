import { readFileSync } from "node:fs";
import { totpCode } from "../src/adapters/totp.ts";
import type { StaffMember } from "../src/ports/staff.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";

type Invited = { staffId: number; invitation: { code: string; path: string; expiresAt: string } };
type Page = { staff: StaffMember[]; next: number | null };

const PAGES_MAX = 100;

/** Commands about who works here: the first admin of a country is made by one of them, with the operator's key. */
export const STAFF_COMMANDS: Record<string, Command> = {
  "staff:add": {
    help: '--email E --name "Lineo Khalane" --roles superadmin,onm_team|none [--site MAK] [--countries LS,BJ] [--elsewhere BJ:field_registrar@GBO] --actor NAME   prints a link for one use by which that person sets a password',
    run: async (door, flags) => {
      const body = {
        email: need(flags, "email"),
        name: need(flags, "name"),
        roles: listedOrNone(need(flags, "roles")),
        ...(flags.site === undefined ? {} : { site: flags.site.toUpperCase() }),
        ...(flags.countries === undefined ? {} : { countries: listed(flags.countries.toUpperCase()) }),
        ...elsewhere(flags),
      };
      tellLink(door, await call<Invited>(door, "POST", "/staff", body, need(flags, "actor")));
    },
  },
  "staff:list": {
    help: "everybody, with roles, countries, site, and who has yet to set a password or a second factor",
    run: async (door) => {
      for (const member of await everybody(door)) console.log(line(member));
    },
  },
  "staff:roles": {
    help: "--email E --roles finance_team,generic|none [--site MAK|none] [--countries LS] [--elsewhere BJ:field_registrar@GBO,ZM:generic+onm_team|none] --actor NAME   in place of those of now; holds with the next request, in other countries within minutes. --elsewhere: roles, and a registrar's site, of the countries named; the others have the same as here",
    run: (door, flags) =>
      change(door, flags, {
        roles: listedOrNone(need(flags, "roles")),
        ...(flags.site === undefined ? {} : { site: flags.site === "none" ? null : flags.site.toUpperCase() }),
        ...(flags.countries === undefined ? {} : { countries: listed(flags.countries.toUpperCase()) }),
        ...elsewhere(flags),
      }),
  },
  "staff:deactivate": {
    help: "--email E --actor NAME   signed out everywhere at once; everything they did stays under their name",
    run: (door, flags) => change(door, flags, { active: false }),
  },
  "staff:activate": {
    help: "--email E --actor NAME   may sign in again",
    run: (door, flags) => change(door, flags, { active: true }),
  },
  "staff:invite": {
    help: "--email E --actor NAME   another link, for whoever forgot the password",
    run: async (door, flags) => {
      const { staffId } = await find(door, flags);
      tellLink(door, await call<Invited>(door, "POST", `/staff/${staffId}/invite`, undefined, need(flags, "actor")));
    },
  },
  "staff:reset-totp": {
    help: "--email E --actor NAME   for whoever lost phone and paper: signed out everywhere, the next sign-in enrols anew",
    run: async (door, flags) => {
      const { staffId } = await find(door, flags);
      await call(door, "POST", `/staff/${staffId}/reset-totp`, undefined, need(flags, "actor"));
      console.log(line(await find(door, flags)));
    },
  },
  "staff:free-address": {
    help: "--email E --actor NAME   of somebody whom a country added itself before it had a home: renamed and inactive, for good",
    run: async (door, flags) => {
      const { staffId } = await find(door, flags);
      const path = `/staff/${staffId}/free-address`;
      const freed = await call<{ member: StaffMember }>(door, "POST", path, undefined, need(flags, "actor"));
      console.log(line(freed.member));
    },
  },
  "staff:code": {
    help: "--email E   the number that a demo person's authenticator shows now (the local world alone)",
    run: async (door, flags) => {
      const local = JSON.parse(readFileSync(new URL("../.data/local.json", import.meta.url), "utf8"));
      const own = (local.countries[door.country]?.staff ?? []) as { email: string; totpSecret: string | null }[];
      const secret = own.find(({ email }) => email === need(flags, "email"))?.totpSecret;
      if (secret == null) throw new Error(`nobody of the local world has that address and an authenticator`);
      const { now } = (await (await fetch(`${door.url}/health`)).json()) as { now: string };
      console.log(totpCode(secret, Date.parse(now)));
    },
  },
};

const listed = (text: string) => text.split(",").map((each) => each.trim());
const listedOrNone = (text: string) => (text.trim() === "none" ? [] : listed(text));

const GRANT = /^([A-Za-z]{2}):([a-z_+]+)(?:@([A-Za-z]{3}))?$/;

/** `BJ:field_registrar@GBO,ZM:generic+onm_team`: a country, its roles, and the one site of a registrar. */
export function elsewhere({ elsewhere: said }: Flags) {
  if (said === undefined) return {};
  const grants = listedOrNone(said).map((text) => {
    const [, country, roles, site] = GRANT.exec(text) ?? [];
    if (country === undefined || roles === undefined)
      throw new Error(
        `--elsewhere: ${text}; expected a country and its roles, as BJ:field_registrar@GBO or ZM:generic+onm_team`,
      );
    const named = roles === "none" ? [] : roles.split("+");
    return { country: country.toUpperCase(), roles: named, site: site?.toUpperCase() ?? null };
  });
  return { grants };
}

async function everybody(door: Door): Promise<StaffMember[]> {
  const found: StaffMember[] = [];
  let cursor: number | null = 0;
  for (let page = 0; page < PAGES_MAX && cursor !== null; page++) {
    const answer: Page = await call<Page>(door, "GET", `/staff?cursor=${cursor}`);
    found.push(...answer.staff);
    cursor = answer.next;
  }
  return found;
}

async function find(door: Door, flags: Flags): Promise<StaffMember> {
  const wanted = need(flags, "email").trim().toLowerCase();
  const found = (await everybody(door)).find(({ email }) => email === wanted);
  if (found === undefined) throw new Error(`nobody here has the address ${wanted}`);
  return found;
}

async function change(door: Door, flags: Flags, body: object) {
  const { staffId } = await find(door, flags);
  await call(door, "PATCH", `/staff/${staffId}`, body, need(flags, "actor"));
  console.log(line(await find(door, flags)));
}

const tellLink = (door: Door, { staffId, invitation }: Invited) =>
  console.log(
    `staff ${staffId} of ${door.where}\nthe link, for one use until ${invitation.expiresAt}:\n  <the portal's address>${invitation.path}`,
  );

const line = ({ staffId, email, name, roles, site, countries, grants, ...member }: StaffMember) => {
  const { active, secondFactor, hasPassword, home } = member;
  return [
    `${staffId} ${email} (${name})`,
    roles.join(" ") || "no role",
    site === null ? null : `site ${site}`,
    countries.join(" "),
    ...grants.map(
      (there) =>
        `${there.country}: ${[...there.roles, ...(there.site === null ? [] : [`at ${there.site}`])].join(" ") || "no role"}`,
    ),
    active ? null : "not active",
    home === null ? null : `signs in at ${home}`,
    hasPassword || home !== null ? null : "no password yet",
    secondFactor ? "second factor" : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
};
