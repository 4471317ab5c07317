import { neonOmMirrors } from "../../src/adapters/neon/om-mirrors.ts";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { omClient } from "../../src/adapters/om/om-client.ts";
import { log } from "../../src/ports/log.ts";
import { seeTickets, sendTickets } from "../../src/services/mirror-tickets.ts";
import { clockOf, databaseOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Every five minutes, where the O&M system is configured: what it lacks of our tickets, then what became of them there. */
export const mirrorTicketsJob: Job = async (env) => {
  if (env.OM_URL === undefined || env.OM_KEY === undefined) return null;
  const ports = {
    country: env.COUNTRY,
    om: omClient({ url: env.OM_URL, key: env.OM_KEY }),
    mirrors: neonOmMirrors(databaseOf(env)),
    tickets: neonTickets(databaseOf(env)),
  };
  const now = () => clockOf(env).now();
  const { failed } = await sendTickets(ports, now);
  if (failed > 0) log.warn("mirror tickets", { failed });
  await seeTickets(ports, now);
  return null;
};
