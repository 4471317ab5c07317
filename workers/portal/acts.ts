import { siteLimit } from "../../src/domain/permission.ts";
import type { StaffSession } from "../../src/ports/sessions.ts";
import { fail } from "../errors.ts";
import { badFields, type C } from "./refusals.ts";

const KEY = /^[\x21-\x7e]{8,100}$/;

/** The act's own name: whoever sends it again, not knowing whether it arrived, does it once. */
export const keyOf = (c: C) => {
  const key = c.req.header("Idempotency-Key") ?? "";
  return KEY.test(key) ? key : null;
};
export const noKey = (c: C) =>
  badFields(c, [
    { field: "Idempotency-Key", value: null, expected: "a header of 8 to 100 characters, new for each act" },
  ]);

export const idOf = (c: C) => Math.min(Number(c.req.param("id")), Number.MAX_SAFE_INTEGER);

/** The site at which whoever is signed in registers alone; null: at any. */
export const ownSite = (person: StaffSession | null): string | null =>
  person === null ? null : siteLimit(person.roles, person.site, "customers.register");
export const otherSite = (c: C, site: string) => fail(c, 403, "other_site", `you register at ${site} only`, { site });

/** What somebody bound to one site reads of a refusal: accounts of other sites stay nameless. */
export const ofOwnSite = (said: string, site: string | null): string =>
  site === null
    ? said
    : said.replaceAll(/\b\d{4}([A-Z]{3})\b/g, (account, at: string) =>
        at === site ? account : "an account elsewhere",
      );
