/** SteamaCo on a laptop: `startSteama` for tests and for `npm start`. */
import { type SteamaOptions, type SteamaSim, steamaSim } from "./steama/app.ts";
import { serveSim } from "./vendors/http.ts";

export type Steama = SteamaSim & { port: number; url: string; close(): Promise<void> };

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function startSteama({ port, ...options }: SteamaOptions & { port: number }): Promise<Steama> {
  const sim = steamaSim(options);
  const served = await serveSim(port, sim.fetch);
  const close = async () => {
    sim.clock.close();
    await served.close();
  };
  return { ...sim, port: served.port, url: served.url, close };
}
