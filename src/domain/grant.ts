import { COUNTRIES, type CountryCode, countryOfSite } from "./country.ts";
import type { FieldFault } from "./customer.ts";
import type { Role } from "./permission.ts";

/** What somebody may in one country: the roles, and the one site at which a registrar registers; null: any. */
export type Grant = { country: CountryCode; roles: Role[]; site: string | null };

/**
 * What a country's own records say of somebody: roles and site there, the countries where they work, and what is granted
 * otherwise in some of these. A country without a grant of its own has the same roles and site.
 */
export type Granted = Pick<Grant, "roles" | "site"> & { countries: CountryCode[]; grants: Grant[] };

/** What somebody may in that country. Whether they work there is another question. */
export function grantIn({ roles, site, grants }: Omit<Granted, "countries">, country: CountryCode) {
  const own = grants.find((each) => each.country === country);
  return own === undefined ? { roles, site } : { roles: own.roles, site: own.site };
}

/** All roles that somebody has in any country: who is strong in one of them shows the second factor where they sign in. */
export const rolesAnywhere = ({ roles, grants }: Pick<Granted, "roles" | "grants">): Role[] => [
  ...new Set([...roles, ...grants.flatMap((each) => each.roles)]),
];

const sitesOf = (country: CountryCode) => {
  const { name, siteCodes } = COUNTRIES[country];
  return siteCodes.length === 0 ? `no site: ${name} has none yet` : `a site of ${name}: ${siteCodes.join(", ")}`;
};

/**
 * What is wrong with grants, field by field, before they are kept. The database of `here` knows its own sites alone; those of
 * other countries are looked up in their files.
 */
export function grantFaults({ site, countries, grants }: Granted, here: CountryCode): FieldFault[] {
  const faults: FieldFault[] = [];
  const own = site === null ? null : countryOfSite(site);
  if (own !== null && own.code !== here)
    faults.push({
      field: "site",
      value: site,
      expected: `${sitesOf(here)}; a site of ${own.name} stands in its own grant (grants, country ${own.code})`,
    });
  for (const [index, { country, site: there }] of grants.entries()) {
    const field = `grants.${index}`;
    if (country === here)
      faults.push({
        field: `${field}.country`,
        value: country,
        expected: "another country: roles and site are this one's",
      });
    else if (!countries.includes(country))
      faults.push({
        field: `${field}.country`,
        value: country,
        expected: `one of the countries where this person works: ${countries.join(", ")}`,
      });
    else if (grants.findIndex((each) => each.country === country) !== index)
      faults.push({ field: `${field}.country`, value: country, expected: "each country once" });
    if (there !== null && !COUNTRIES[country].siteCodes.includes(there))
      faults.push({ field: `${field}.site`, value: there, expected: sitesOf(country) });
  }
  if (site !== null)
    for (const country of countries)
      if (country !== here && !grants.some((each) => each.country === country))
        faults.push({
          field: "grants",
          value: null,
          expected: `roles and ${sitesOf(country)} for ${country}, or no site: ${site} is not there`,
        });
  return faults;
}
