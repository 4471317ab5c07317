/** A disk of a few megabytes that can be full: in memory, in a mount namespace of its own, so nobody else sees it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEGABYTES = 192;
const CHUNK_BYTES = 65_536;
const BALLAST = "ballast";

const alone = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];

/** Whether this machine lets us mount one: Linux, as root or with user namespaces. */
export const canHaveSmallDisk = (): boolean =>
  spawnSync("unshare", [...alone, "mount", "-t", "tmpfs", "tmpfs", tmpdir()]).status === 0;

export class SmallDisk {
  /** Where it is reached from outside its namespace. */
  readonly folder: string;
  readonly #keeper: ChildProcess;
  readonly #mountPoint: string;

  private constructor(keeper: ChildProcess, mountPoint: string) {
    this.#keeper = keeper;
    this.#mountPoint = mountPoint;
    this.folder = join("/proc", String(keeper.pid), "root", mountPoint);
  }

  static async mount(): Promise<SmallDisk> {
    const mountPoint = mkdtempSync(join(tmpdir(), "cc-small-disk-"));
    const script = `mount -t tmpfs -o size=${MEGABYTES}m tmpfs "$1" && echo mounted && exec cat`;
    const keeper = spawn("unshare", [...alone, "sh", "-c", script, "sh", mountPoint], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await new Promise<void>((done, failed) => {
      keeper.stdout?.once("data", () => done());
      keeper.once("exit", (code) => failed(new Error(`unshare ended with ${code}`)));
    });
    return new SmallDisk(keeper, mountPoint);
  }

  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Nothing more fits on it. */
  fill() {
    const file = openSync(join(this.folder, BALLAST), "a");
    try {
      for (const chunk of [Buffer.alloc(CHUNK_BYTES), Buffer.alloc(1)]) writeWhileItFits(file, chunk);
    } finally {
      closeSync(file);
    }
  }

  /** There is room again. */
  empty() {
    rmSync(join(this.folder, BALLAST), { force: true });
  }

  async unmount() {
    const ended = new Promise((done) => this.#keeper.once("exit", done));
    this.#keeper.stdin?.end();
    await ended;
    rmSync(this.#mountPoint, { recursive: true, force: true });
  }
}

function writeWhileItFits(file: number, chunk: Buffer) {
  try {
    for (;;) if (writeSync(file, chunk) < chunk.length) return;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOSPC") throw thrown;
  }
}
