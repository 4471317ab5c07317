import type { z } from "zod";
import { type CountryData, countrySchema } from "./schema.ts";

type Fault = { path: readonly PropertyKey[]; expected: string };

/** What is wrong with the files, each as "LS: phone.lengths[0] is 0, expected a whole number from 4 to 12". */
export function countryFaults(files: Readonly<Record<string, unknown>>): string[] {
  const sound: CountryData[] = [];
  const faults = Object.entries(files).flatMap(([key, file]) => {
    const read = countrySchema.safeParse(file);
    const own: Fault[] = read.success ? [...between(key, read.data)] : read.error.issues.map(faultOf);
    if (read.success) sound.push(read.data);
    return own.map((fault) => said(key, file, fault));
  });
  return [...faults, ...(sound.length === Object.keys(files).length ? shared(sound) : [])];
}

/** Throws with all of it: a Worker whose files are wrong does not start, and a deployment of it is refused. */
export function checkCountries(files: Readonly<Record<string, unknown>>): void {
  const faults = countryFaults(files);
  if (faults.length > 0) throw new Error(`src/domain/countries is wrong:\n${faults.join("\n")}`);
}

const faultOf = (issue: z.core.$ZodIssue): Fault => ({
  path: issue.path,
  expected:
    issue.code === "unrecognized_keys" ? `no field ${issue.keys.join(", ")}` : issue.message.replace(/^Invalid /, ""),
});

function said(key: string, file: unknown, { path, expected }: Fault): string {
  let value: unknown = file;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
  const at = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return `${key}: ${at.slice(1) || "the file"} is ${JSON.stringify(value) ?? "missing"}, expected ${expected}`;
}

/** What fields of one file have to do with each other. */
function* between(key: string, country: CountryData): Generator<Fault> {
  const { code, phone, lowBalance, box, operators, senders, caps, features, fees } = country;
  if (code !== key) yield { path: ["code"], expected: `${key}, as the list names it` };
  if (features.fees && fees === null)
    yield { path: ["fees"], expected: "the prices of the fees, while features.fees is true" };
  if (lowBalance.clearWh <= lowBalance.warnWh)
    yield { path: ["lowBalance", "clearWh"], expected: `more than warnWh, ${lowBalance.warnWh}` };
  if (box.south >= box.north) yield { path: ["box", "south"], expected: `less than north, ${box.north}` };
  if (box.west >= box.east) yield { path: ["box", "west"], expected: `less than east, ${box.east}` };
  if (caps.accountDayMinorMax < caps.paymentMinorMax)
    yield { path: ["caps", "accountDayMinorMax"], expected: `at least one payment's, ${caps.paymentMinorMax}` };
  for (const operator of Object.keys(senders))
    if (!operators.some((each) => each === operator))
      yield { path: ["senders", operator], expected: `an operator of the country: ${operators.join(", ")}` };
  for (const [index, { digits, prefix }] of phone.renewals.entries())
    if (!phone.lengths.includes(digits + prefix.length) || phone.lengths.includes(digits))
      yield {
        path: ["phone", "renewals", index],
        expected: `digits that are no length, and with the prefix are one: ${phone.lengths.join(", ")}`,
      };
  const digits = phone.groups.reduce((sum, each) => sum + each, 0);
  if (!phone.lengths.some((length) => length + phone.trunk.length === digits))
    yield { path: ["phone", "groups"], expected: `the digits of a number: ${phone.lengths.join(", ")} and the trunk` };
}

/** What no two countries may share: a code names one place, on every road. */
function shared(countries: readonly CountryData[]): string[] {
  const faults: string[] = [];
  const once = (what: string, named: readonly (readonly [country: string, name: string])[]) => {
    const owners = new Map<string, string>();
    for (const [country, name] of named) {
      const owner = owners.get(name);
      if (owner !== undefined)
        faults.push(`${country}: ${what} ${name} is there twice, expected to be ${owner}'s alone`);
      owners.set(name, country);
    }
  };
  once(
    "site",
    countries.flatMap(({ code, sites, closedSites }) =>
      [...sites.map((site) => site.code), ...closedSites].map((site) => [code, site] as const),
    ),
  );
  once(
    "vendor organisation",
    countries.flatMap(({ code, vendors }) =>
      Object.entries(vendors).flatMap(([vendor, own]) =>
        (own?.organisations ?? []).map((organisation) => [code, `${vendor} ${organisation}`] as const),
      ),
    ),
  );
  for (const { code, dialCode, currency, minorDigits } of countries)
    for (const other of countries) {
      if (other.code !== code && other.dialCode.startsWith(dialCode))
        faults.push(
          `${code}: dialCode is "${dialCode}", expected none that ${other.code}'s ${other.dialCode} begins with`,
        );
      if (other.currency === currency && other.minorDigits !== minorDigits)
        faults.push(`${code}: minorDigits is ${minorDigits}, expected those of ${currency} in ${other.code}`);
    }
  return faults;
}
