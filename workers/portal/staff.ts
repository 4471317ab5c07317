import { type Context, Hono } from "hono";
import { z } from "zod";
import { COUNTRIES, type CountryCode } from "../../src/domain/country.ts";
import { type Grant, grantFaults } from "../../src/domain/grant.ts";
import { ROLES } from "../../src/domain/permission.ts";
import { canonicalEmail, EMAIL_CHARS_MAX } from "../../src/domain/sign-in.ts";
import type { RegistryRefusal } from "../../src/ports/registry.ts";
import type { MemberChange, StaffMember } from "../../src/ports/staff.ts";
import { drawInvitation } from "../../src/services/sign-in.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { homeOf } from "../identity.ts";
import { clockOf } from "../ports.ts";
import { queryNumber } from "../query-number.ts";
import { signInPortsOf } from "../session.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { line } from "./fields.ts";
import { badFields } from "./refusals.ts";
import { atOwnHome } from "./sign-in.ts";

const LIST_MAX = 200;

const email = z.string().transform((typed, context) => {
  const canonical = canonicalEmail(typed);
  if (canonical !== null) return canonical;
  context.addIssue({ code: "custom", message: `an e-mail address of at most ${EMAIL_CHARS_MAX} characters` });
  return z.NEVER;
});
const roles = z
  .array(z.enum(ROLES))
  .max(ROLES.length)
  .transform((given) => [...new Set(given)]);
const country = z.enum(Object.keys(COUNTRIES) as [CountryCode, ...CountryCode[]]);
const countries = z
  .array(country)
  .min(1, "at least one country")
  .transform((given) => [...new Set(given)]);
const site = z
  .string()
  .regex(/^[A-Z]{3}$/, "a site, as MAK")
  .nullable();

/** What somebody may in other countries where it is not the same as here. */
const grants = z
  .array(z.strictObject({ country, roles, site: site.default(null) }))
  .max(Object.keys(COUNTRIES).length, "each country once");

const NewBody = z.strictObject({
  email,
  name: line(100),
  roles,
  countries: countries.optional(),
  site: site.default(null),
  grants: grants.default([]),
});
const ChangeBody = z.strictObject({
  name: line(100).optional(),
  roles: roles.optional(),
  countries: countries.optional(),
  site: site.optional(),
  grants: grants.optional(),
  active: z.boolean().optional(),
});
const ListQuery = z.object({
  cursor: queryNumber(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: queryNumber(1, LIST_MAX).default(LIST_MAX),
});

type C = Context<{ Bindings: Env; Variables: Acting }>;

const REFUSED = { exists: 409, unknown: 404, refused: 422 } as const satisfies Record<RegistryRefusal["kind"], number>;
const SAYS = {
  exists: "somebody with this e-mail address is there already",
  unknown: "this names somebody or something that does not exist",
  refused: "this is not allowed",
} as const satisfies Record<RegistryRefusal["kind"], string>;

/** Where somebody can be bound to a site: of each country its sites, as its file says. */
const PLACES = Object.values(COUNTRIES).map(({ code, name, sites }) => ({
  code,
  name,
  sites: sites.map((each) => ({ code: each.code, name: each.name })),
}));

/** Who works here, and what each may. Nobody types another person's password: an invitation is a code for one use. */
export const staffRoutes = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("staff.manage"), query(ListQuery), async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const members = await signInPortsOf(c.env).staff.list(cursor, limit);
    return c.json({ staff: members, next: members.length === limit ? (members.at(-1)?.staffId ?? null) : null });
  })
  .get("/places", allow("staff.manage"), (c) => c.json({ places: PLACES }))
  .post("/", allow("staff.manage"), atOwnHome, limited, saysJson, json(NewBody), async (c) => {
    const ports = signInPortsOf(c.env);
    const { countries: named, ...body } = c.req.valid("json");
    const member = { ...body, countries: named ?? [ports.country] };
    const faults = grantFaults(member, ports.country);
    if (faults.length > 0) return badFields(c, faults);
    // Other countries know whom this one has forgotten by their number, with their sessions.
    const back = await refusedAsSetBack(c, "nobody is added");
    if (back !== null) return back;
    const { code, invitation } = drawInvitation(ports);
    const added = await ports.staff.add(member, invitation, changeOf(c));
    if (!added.ok) return refuse(c, added.error);
    const made = await ports.staff.byEmail(member.email);
    return c.json({ staffId: made?.staffId ?? null, ...member, invitation: shown(code, invitation.expiresAt) }, 201);
  })
  .patch("/:id{[0-9]{1,15}}", allow("staff.manage"), limited, saysJson, json(ChangeBody), async (c) => {
    const { staff, country: here } = signInPortsOf(c.env);
    const next = c.req.valid("json");
    const member = await memberOf(c);
    const faults = member === null || member.home !== null ? [] : faultsOf(member, next, here);
    if (faults.length > 0) return badFields(c, faults);
    const changed = await staff.change(idOf(c), { ...next, here }, changeOf(c));
    return changed.ok ? answer(c) : refuse(c, changed.error);
  })
  .post("/:id{[0-9]{1,15}}/invite", allow("staff.manage"), async (c) => {
    const ports = signInPortsOf(c.env);
    const { code, invitation } = drawInvitation(ports);
    const invited = await ports.staff.invite(idOf(c), invitation, changeOf(c));
    return invited.ok
      ? c.json({ staffId: idOf(c), invitation: shown(code, invitation.expiresAt) })
      : refuse(c, invited.error);
  })
  .post("/:id{[0-9]{1,15}}/reset-totp", allow("staff.manage"), async (c) => {
    const reset = await signInPortsOf(c.env).staff.resetTotp(idOf(c), changeOf(c));
    return reset.ok ? answer(c) : refuse(c, reset.error);
  })
  .post("/:id{[0-9]{1,15}}/free-address", allow("staff.manage"), async (c) => {
    if (homeOf(c.env) === null) return fail(c, 409, "no_home_elsewhere", "staff sign in here themselves");
    const freed = await signInPortsOf(c.env).staff.freeAddress(idOf(c), changeOf(c));
    return freed.ok ? answer(c) : refuse(c, freed.error);
  })
  .get("/:id{[0-9]{1,15}}/sessions", allow("staff.manage"), async (c) =>
    c.json({ sessions: await signInPortsOf(c.env).sessions.ofStaff(idOf(c), clockOf(c.env).now()) }),
  )
  .delete("/:id{[0-9]{1,15}}/sessions/:sessionId{[0-9]{1,15}}", allow("staff.manage"), async (c) => {
    const isEnded = await signInPortsOf(c.env).sessions.endOf(idOf(c), Number(c.req.param("sessionId")), changeOf(c));
    return isEnded ? c.json({ ended: true }) : fail(c, 404, "unknown", "no such session");
  });

const idOf = (c: C) => Number(c.req.param("id"));
/** Shown once: the page behind the path asks for a password and sends both. */
const shown = (code: string, expiresAt: number) => ({
  code,
  path: `/invitation#${code}`,
  expiresAt: new Date(expiresAt).toISOString(),
});
const refuse = (c: C, { kind, detail }: RegistryRefusal) => fail(c, REFUSED[kind], kind, SAYS[kind], detail);

async function memberOf(c: C): Promise<StaffMember | null> {
  const [member] = await signInPortsOf(c.env).staff.list(idOf(c) - 1, 1);
  return member?.staffId === idOf(c) ? member : null;
}

async function answer(c: C) {
  const member = await memberOf(c);
  return member === null ? fail(c, 404, "unknown", "no such member of staff") : c.json({ member });
}

/** A country that somebody leaves takes its grant along. Whoever only goes or comes back is not asked about sites. */
function faultsOf(member: StaffMember, next: MemberChange, here: CountryCode) {
  if ([next.roles, next.site, next.countries, next.grants].every((each) => each === undefined)) return [];
  const { roles = member.roles, site = member.site, countries = member.countries } = next;
  const kept = (grant: Grant) => next.countries === undefined || next.countries.includes(grant.country);
  return grantFaults({ roles, site, countries, grants: next.grants ?? member.grants.filter(kept) }, here);
}
