import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { workerLine } from "./worker-line.ts";

type Options = {
  name: string;
  country: string;
  root: string;
  dataDir: string;
  /** Where the portal's files are. */
  bundle: string;
  port: number;
  inspectorPort: number;
};

/** A country's Worker in workerd, as the supervisor runs it. Its objects and settings are in a folder of its own. */
export function workerProgram({ name, country, root, dataDir, bundle, port, inspectorPort }: Options) {
  const code = country.toLowerCase();
  return {
    name,
    command: join(root, "node_modules", ".bin", "wrangler"),
    args: [
      "dev",
      "--env",
      code,
      "--ip",
      "127.0.0.1",
      "--port",
      String(port),
      "--inspector-port",
      String(inspectorPort),
      "--persist-to",
      join(dataDir, code, "objects"),
      "--env-file",
      join(dataDir, code, "env"),
      "--assets",
      bundle,
      "--show-interactive-dev-session=false",
      "--log-level",
      "warn",
    ],
    cwd: root,
    env: {
      CI: "1",
      NO_COLOR: "1",
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_REGISTRY_PATH: join(dataDir, code, "registry"),
      WRANGLER_LOG_PATH: join(dataDir, code, "wrangler.log"),
    },
    ready: { url: `http://127.0.0.1:${port}/health` },
    readyMsMax: 90_000,
    loud: true,
    show: workerLine,
  };
}

/** The settings of a country's Worker, for nobody else on this machine. */
export async function writeEnvFile(dataDir: string, country: string, values: Record<string, string>): Promise<void> {
  const folder = join(dataDir, country.toLowerCase());
  await mkdir(folder, { recursive: true });
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'`);
  await writeFile(join(folder, "env"), `${lines.join("\n")}\n`, { mode: 0o600 });
}
