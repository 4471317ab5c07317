/** SparkMeter Koios on a laptop: `startKoios` for tests and for `npm start`. */
import { type KoiosOptions, type KoiosSim, koiosSim } from "./koios/app.ts";
import { serveSim } from "./vendors/http.ts";

export type Koios = KoiosSim & { port: number; url: string; close(): Promise<void> };

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function startKoios({ port, ...options }: KoiosOptions & { port: number }): Promise<Koios> {
  const sim = koiosSim(options);
  const served = await serveSim(port, sim.fetch);
  const close = async () => {
    sim.clock.close();
    await served.close();
  };
  return { ...sim, port: served.port, url: served.url, close };
}
