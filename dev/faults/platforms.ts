/** The two vendors' platforms as they are on a bad day: credits that are late, lost, refused, taken before, answered twice. */
import { drawKey } from "../keys.ts";
import { koiosSim } from "../koios/app.ts";
import type { KoiosOrg } from "../koios/org.ts";
import { thunderCloudSim } from "../thundercloud/app.ts";
import type { SimFetch } from "../vendors/http.ts";
import type { Wallets } from "../vendors/wallets.ts";
import { siteCodes, vendorOf } from "./names.ts";

/** A simulator of a new world: nobody is known, and nobody has anything. */
export type Platform = {
  fetch: SimFetch;
  wallets: Wallets;
  /** By its faults' names. */
  met(): Record<string, number>;
  setFailing(isBad: boolean): void;
  close(): void;
};

/** At rates at which most credits meet something. Seconds are the clock's own, which runs fast. */
const KOIOS_BAD_DAY = {
  pending: { permille: 300, seconds: 60 },
  empty_slow: { permille: 60, seconds: 10 },
  empty_without_booking: { permille: 60 },
  errors_in_200: { permille: 60 },
  detail_500: { permille: 60 },
  cut_before: { permille: 60 },
  cut_after: { permille: 120 },
  storm: { permille: 80 },
  html: { permille: 30 },
};
const THUNDERCLOUD_BAD_DAY = {
  delay: { seconds: 60 },
  empty: { permille: 120 },
  failure_in_200: { permille: 60 },
  cut_before: { permille: 60 },
  cut_after: { permille: 120 },
  storm: { permille: 80 },
  html: { permille: 30 },
};

/** Its three minutes to the base station are three minutes of every drain, and show nothing. */
const THUNDERCLOUD_GOOD_DAY = { all: false, delay: { seconds: 20 } };

/** What strikes single requests: a fault that has no rate is only how the platform always is. */
const striking = (day: object) => Object.entries(day).flatMap(([name, params]) => ("permille" in params ? [name] : []));

/** Every fault of a platform that a run of many seeds must meet, by the vendor's name. */
export const PLATFORM_FAULTS = [
  ...striking(KOIOS_BAD_DAY).map((name) => `koios: ${name}`),
  ...striking(THUNDERCLOUD_BAD_DAY).map((name) => `thundercloud: ${name}`),
];

const split = (key: string) => ({ id: key.slice(0, key.indexOf(":")), secret: key.slice(key.indexOf(":") + 1) });
const accepted = (refusal: string | null) => {
  if (refusal !== null) throw new Error(refusal);
};

/** The keys of one run, and simulators that take them. */
export function koios(now: () => number) {
  const [read, write] = [`faults-read:${drawKey()}`, `faults-write:${drawKey()}`];
  return {
    vars: (url: string) => ({ KOIOS_URL: url, KOIOS_ORG: "faults", KOIOS_READ_KEY: read, KOIOS_WRITE_KEY: write }),
    begin(world: number): Platform {
      const org: KoiosOrg = {
        ...{ org: "faults", name: "Faults", country: "LS" as const, currency: "LSL", minorDigits: 2 as const },
        utcOffsetMinutes: 120,
        keys: [
          { ...split(read), grant: "read" },
          { ...split(write), grant: "manage" },
        ],
        login: { email: "", password: drawKey() },
        sites: sitesAt("koios").map((code) => ({ code, name: code })),
        customers: [],
      };
      const sim = koiosSim({ orgs: [org], seed: world + 1, now });
      const [state] = sim.orgs;
      if (state === undefined) throw new Error("no organisation");
      return {
        ...{ fetch: sim.fetch, wallets: state.wallets, met: () => sim.board.met(), close: () => sim.clock.close() },
        setFailing: (isBad) =>
          accepted(sim.board.set(isBad ? { unlimited: true, ...KOIOS_BAD_DAY } : { all: false, unlimited: true })),
      };
    },
  };
}

/** As {@link koios}. It takes no credit back, so what was reversed here waits there for a person. */
export function thunderCloud(now: () => number) {
  const token = drawKey();
  return {
    vars: (url: string) => ({ THUNDERCLOUD_URL: url, THUNDERCLOUD_ORG: "faults", THUNDERCLOUD_TOKEN: token }),
    begin(world: number): Platform {
      const org = {
        ...{ org: "faults", country: "LS", minorDigits: 2 as const, utcOffsetMinutes: 120, token },
        login: { email: "", password: drawKey() },
        bases: sitesAt("thundercloud").map((site) => ({ serial: `base-${site}`, site })),
        customers: [],
      };
      const sim = thunderCloudSim({ org, seed: world + 1, now });
      return {
        ...{ fetch: sim.fetch, wallets: sim.state.wallets, met: () => sim.board.met(), close: () => sim.clock.close() },
        setFailing: (isBad) => accepted(sim.board.set(isBad ? THUNDERCLOUD_BAD_DAY : THUNDERCLOUD_GOOD_DAY)),
      };
    },
  };
}

const sitesAt = (vendor: ReturnType<typeof vendorOf>) => siteCodes.filter((code) => vendorOf(code) === vendor);
