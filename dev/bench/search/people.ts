import { COUNTRIES } from "../../../src/domain/country.ts";
import { OPEN_CUSTOMER_TYPES } from "../../../src/domain/customer-type.ts";
import { drawFrom } from "../../faults/seeded.ts";

/** Invented people by the hundred thousand, the same for the same seed. */

export type Person = {
  key: string;
  given: string;
  family: string;
  phones: string[];
  nationalId: string | null;
  type: string;
  site: string;
  plot: string;
  legacyId: number | null;
  accounts: string[];
  /** The meter of the first account, without leading zeros. */
  meter: string;
};

const SITES = COUNTRIES.LS.siteCodes as [string, ...string[]];
const TYPES = OPEN_CUSTOMER_TYPES.slice(0, 5) as [string, ...string[]];
const GIVEN_STARTS = "Tha Pa Ne Li Ta Pu Mpho Ka Re Te Le Tu Ma Kho Ntha Bo Se Rele Tše Refi Ré Da Mo Tlo Hla".split(
  " ",
);
const GIVEN_ENDS =
  "bo lesa neo bile leng belo thabile boho rato melo tšeliso kotso biseng kang llo po loe né niel ntšo".split(" ");
const FAMILY_STARTS = "Mo Le Ra Kha Se Mots Ler Ntha Maph Phi Ntsa Tha Ral Makh See Tso Maha Ko Mof Hla N’Tch".split(
  " ",
);
const FAMILY_MIDDLES = "ko tsi mai la kho oe oth ko ath ri ne ma ebi het is lo ha la o le".split(" ");
const FAMILY_ENDS = "ena ie li ne nyana ne oli na he ana tane kane tso ha o li na lo ele a".split(" ");

/** Families are as unlike in size as they are in life: some names are in every tenth house. */
const skewed = (next: () => number, length: number) => Math.floor(next() ** 2 * length);

export function madePeople(count: number, seed = 1, sites: readonly [string, ...string[]] = SITES): Person[] {
  const { next, below, chance, pick } = drawFrom(seed);
  const part = (from: readonly string[]) => from[skewed(next, from.length)] ?? "";
  const digits = (length: number) => String(below(10 ** length)).padStart(length, "0");
  const given = new Map(sites.map((site) => [site, 0]));
  const people: Person[] = [];
  for (let n = 0; n < count; n++) {
    // One in five hundred registers a second time, on the same phone.
    const before = n > 0 && chance(0.002) ? people[below(n)] : undefined;
    const site = pick(sites);
    const accounts = Array.from({ length: chance(0.1) ? 2 : 1 }, () => {
      // A site has 9,999 numbers; what is more goes to the next site.
      const free = [site, ...sites].find((code) => (given.get(code) ?? 0) < 9_999) ?? site;
      const number = (given.get(free) ?? 0) + 1;
      given.set(free, number);
      return `${String(number).padStart(4, "0")}${free}`;
    });
    const type = pick(TYPES);
    const names = `${part(GIVEN_STARTS)}${part(GIVEN_ENDS)}`;
    const more = chance(0.3) ? ` ${part(GIVEN_STARTS)}${part(GIVEN_ENDS)}` : "";
    const family = `${part(FAMILY_STARTS)}${part(FAMILY_MIDDLES)}${part(FAMILY_ENDS)}`;
    people.push({
      key: `made:${n}`,
      given: before?.given ?? names + more,
      family: before?.family ?? family,
      phones: before?.phones ?? Array.from({ length: 1 + below(2) }, () => `266${5 + below(2)}${digits(7)}`),
      nationalId: chance(0.7) ? `1${digits(6)}${digits(5)}` : null,
      type,
      site,
      plot: `${site} ${accounts[0]?.slice(0, 4) ?? "0000"} ${type}`,
      legacyId: chance(0.5) ? n + 1 : null,
      accounts,
      meter: String(23_000_000_000 + n),
    });
  }
  return people;
}
