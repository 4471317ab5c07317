import type { InferResponseType } from "hono/client";
import type { Role } from "../../../src/domain/permission.ts";
import type { api } from "../../api.ts";

export type Member = InferResponseType<ReturnType<typeof api>["staff"]["$get"], 200>["staff"][number];

export type Directory = InferResponseType<ReturnType<typeof api>["hr"]["$get"], 200>;

/** What the HR directory said of somebody at its last sync; null: it is not asked about who signs in elsewhere. */
export type Mark = Directory["people"][number]["standing"] | "never";
export const markOf = ({ email, home }: Member, { people }: Directory): Mark | null =>
  home === null ? (people.find((each) => each.email === email)?.standing ?? "never") : null;

/** Where somebody stands on the way in. */
export type Standing = "inactive" | "invited" | "lapsed" | "no_factor" | "in";

export function standingOf(member: Member, now: number): Standing {
  if (!member.active) return "inactive";
  if (member.home !== null) return "in";
  if (!member.hasPassword) return member.invitedUntil !== null && member.invitedUntil > now ? "invited" : "lapsed";
  return member.secondFactor ? "in" : "no_factor";
}

/** What somebody may in another country, where it is not the same as here. Site "": any. */
export type There = { country: string; roles: Role[]; site: string };
export type Form = {
  email: string;
  name: string;
  roles: Role[];
  site: string;
  countries: string[];
  elsewhere: There[];
};
export const BLANK: Form = { email: "", name: "", roles: [], site: "", countries: [], elsewhere: [] };

export const formOf = ({ email, name, roles, site, countries, grants }: Member): Form => ({
  email,
  name,
  roles,
  site: site ?? "",
  countries,
  elsewhere: grants.map((grant) => ({ ...grant, site: grant.site ?? "" })),
});

/** As it is sent: of countries where somebody works alone, and a site only with a registrar's role. */
export const grantsOf = ({ elsewhere, countries }: Form): Member["grants"] =>
  elsewhere
    .filter(({ country }) => countries.includes(country))
    .map(({ country, roles, site }) => ({
      country: country as Member["countries"][number],
      roles,
      site: site === "" || !roles.includes("field_registrar") ? null : site,
    }));

/** Only what is another than it was: somebody else may have changed the rest meanwhile. */
export function changesOf(was: Form, is: Form) {
  const isSame = (one: readonly string[], other: readonly string[]) =>
    [...one].sort().join() === [...other].sort().join();
  return {
    ...(was.name === is.name.trim() ? {} : { name: is.name.trim() }),
    ...(isSame(was.roles, is.roles) ? {} : { roles: is.roles }),
    ...(was.site === is.site ? {} : { site: is.site === "" ? null : is.site }),
    ...(isSame(was.countries, is.countries) ? {} : { countries: is.countries as Member["countries"] }),
    ...(isSame(grantsOf(was).map(spelled), grantsOf(is).map(spelled)) ? {} : { grants: grantsOf(is) }),
  };
}

const spelled = ({ country, roles, site }: Member["grants"][number]) => `${country} ${[...roles].sort()} ${site}`;
