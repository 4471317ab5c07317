/** Both countries at once, each in a process of its own as each is a deployment of its own, over one PostgreSQL. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DemoCountry } from "../demo-platforms.ts";
import type { LocalKeys } from "../keys.ts";
import type { CountryOptions, CountryTruth, FromCountry } from "./options.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

type RunOptions = Omit<CountryOptions, "country" | "databaseUrl"> & {
  countries: readonly DemoCountry[];
  keys: LocalKeys;
  /** A fresh database with every migration, for the application's role. */
  databaseUrlOf: (country: DemoCountry) => string;
  say: (line: string) => void;
};

export const runTruth = ({ countries, databaseUrlOf, say, ...shared }: RunOptions): Promise<CountryTruth[]> =>
  Promise.all(countries.map((country) => one({ ...shared, country, databaseUrl: databaseUrlOf(country) }, say)));

function one(options: CountryOptions, say: (line: string) => void): Promise<CountryTruth> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, { execArgv: ["--disable-warning=ExperimentalWarning"] });
    child.on("message", (message: FromCountry) => {
      if ("progress" in message) say(message.progress);
      else resolve(message.truth);
    });
    child.once("exit", (code) => reject(new Error(`${options.country} ended with ${code} before it had an answer`)));
    child.send(options);
  });
}
