import { RULES, type Step } from "../src/domain/commissioning-rules.ts";
import { localDay } from "../src/domain/local-day.ts";
import type { DemoWorld } from "./world.ts";

/** What somebody would have said of a demo account, at `POST /api/ops/commissioning/bulk`. */
export type DemoEvent = { account: string; step: Step; on: string; reason?: string };
/** Somebody who waits for light: an account without a meter. */
export type Applicant = Pick<DemoWorld["customers"][number], "account" | "name" | "phone" | "language">;

const DAY_MS = 86_400_000;
/** How long before the day of light each step was, as a rule. */
const DAYS_BEFORE: [Step, number][] = [
  ["connection_fee_paid", 41],
  ["readyboard_fee_paid", 33],
  ["readyboard_tested", 12],
  ["readyboard_installed", 9],
  ["airdac_connected", 5],
  ["meter_installed", 2],
];
/** Every fourth has wiring of their own and no readyboard. */
const OWN_WIRING_EVERY = 4;
const NEWEST_DAYS = 20;
const APART_DAYS = 79;
const VENDOR_APART_DAYS = 23;
/** The one whose meter hangs and who has no light yet, by place in the list. */
const NOT_YET = 15;

/** Applicants stand behind one another, the first with nothing but a number. */
const APPLICANTS: Record<DemoWorld["country"], { first: number; names: readonly string[] }> = {
  LS: {
    first: 224,
    names: [
      "Moshe Tlhako",
      "Lebohang Ntho",
      "Mphonyane Sechaba",
      "Khauhelo Rapitse",
      "Tankiso Molapo",
      "Nthati Lebona",
    ],
  },
  BJ: {
    first: 111,
    names: ["Assiba Hounsou", "Kossi Gnonlonfoun", "Mariam Sabi", "Épiphane Tchibozo", "Rosine Ahossi", "Serge Djossa"],
  },
};

export function applicantsOf({ country, sites, customers }: DemoWorld): Applicant[] {
  const { first, names } = APPLICANTS[country];
  return names.map((name, index) => {
    const number = String(first + index).padStart(4, "0");
    const [one] = customers;
    const phone = `${one?.phone.slice(0, -3)}${901 + index}`;
    return { account: `${number}${sites[index % sites.length]?.code}`, name, phone, language: one?.language ?? "en" };
  });
}

/** How the demo's accounts came to where they stand: most have light, some for years, a few wait, and one has ended. */
export function demoEvents(world: DemoWorld, now: number, utcOffsetMinutes: number): DemoEvent[] {
  const day = (back: number) => localDay(now - back * DAY_MS, utcOffsetMinutes);
  const customers = world.customers.flatMap(({ account, status }, index): DemoEvent[] => {
    const light = NEWEST_DAYS + (world.customers.length - 1 - index) * APART_DAYS;
    const hasBoard = index % OWN_WIRING_EVERY !== OWN_WIRING_EVERY - 1;
    const before = DAYS_BEFORE.filter(([step]) => hasBoard || !step.startsWith("readyboard"));
    const events = before.map(([step, days]) => ({ account, step, on: day(light + days) }));
    if (index !== NOT_YET) events.push({ account, step: "commissioned", on: day(light) });
    const end = { account, step: "terminated", on: day(NEWEST_DAYS / 2), reason: "moved away" } as const;
    return status === "terminated" ? [...events, end] : events;
  });
  const vendors = [...world.vendorCustomers, ...world.clinics].flatMap(({ account }, index): DemoEvent[] => {
    const light = NEWEST_DAYS + index * VENDOR_APART_DAYS;
    const events = DAYS_BEFORE.map(([step, days]): DemoEvent => ({ account, step, on: day(light + days) }));
    return [...events, { account, step: "commissioned", on: day(light) }];
  });
  const applicants = applicantsOf(world).flatMap(({ account }, reached) =>
    DAYS_BEFORE.slice(0, reached).map(([step, days]) => ({ account, step, on: day(days) })),
  );
  // A meter is needed for the last steps alone, and nobody who waits has one.
  return [...customers, ...vendors, ...applicants.filter(({ step }) => RULES[step].meter === null)];
}
