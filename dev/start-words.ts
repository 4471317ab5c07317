/** What `npm start` says: what it is at, a line a step with the seconds so far, and in the end where everything is. */
import { join } from "node:path";
import type { Country } from "../src/domain/country.ts";

const secondsSince = (began: number) => ((Date.now() - began) / 1000).toFixed(1);

/** Says each step as it begins: on a slow machine it takes minutes, and silence looks like a fault. */
export const stepsSince = (began: number) => (what: string) =>
  console.log(`${secondsSince(began).padStart(7)} s  ${what} …`);

type Ready = {
  began: number;
  portal: string;
  countries: readonly { country: Pick<Country, "name">; url: string }[];
  simulators: Record<"legacy" | "iot" | "cm" | "database" | "koios" | "thundercloud" | "steama", string>;
  data: string;
  mqttPort: number;
  runsMeters: boolean;
};

export const readyText = ({ began, portal, countries, simulators, data, mqttPort, runsMeters }: Ready) => `
Ready in ${secondsSince(began)} s.

  Open          ${portal}
  Countries     ${countries.map(({ country, url }) => `${country.name} ${url}`).join("     ")}
  Simulators    old endpoint ${simulators.legacy}   meters ${simulators.iot}   bulk SMS ${simulators.cm}   database control ${simulators.database}
  Vendors       Koios ${simulators.koios}   ThunderCloud ${simulators.thundercloud}   SteamaCo ${simulators.steama}
  Everything    ${join(data, "local.json")}   (URLs, keys, phones, staff and customers with their passwords)

  Send SMS as a gateway phone would:   npm run phones
  Watch the meters:                    npm run meters   ${runsMeters ? "" : "(none runs in this world)"}
  Listen to them:                      mosquitto_sub -p ${mqttPort} -t 'oneMeter/#' -v
  Ctrl-C stops all of it.
`;
