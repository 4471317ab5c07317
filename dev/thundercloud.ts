/** SparkMeter ThunderCloud on a laptop: `startThunderCloud` for tests and for `npm start`. */
import { type ThunderCloudOptions, type ThunderCloudSim, thunderCloudSim } from "./thundercloud/app.ts";
import { serveSim } from "./vendors/http.ts";

export type ThunderCloud = ThunderCloudSim & { port: number; url: string; close(): Promise<void> };

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function startThunderCloud({
  port,
  ...options
}: ThunderCloudOptions & { port: number }): Promise<ThunderCloud> {
  const sim = thunderCloudSim(options);
  const served = await serveSim(port, sim.fetch);
  const close = async () => {
    sim.clock.close();
    await served.close();
  };
  return { ...sim, port: served.port, url: served.url, close };
}
