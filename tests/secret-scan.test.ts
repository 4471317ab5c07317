import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verdictOf } from "../dev/audit-packages.ts";
import { secretsIn, secretsOfTree } from "../dev/secret-scan.ts";

const drawn = (bytes: number) => randomBytes(bytes).toString("base64url");
const letters = (n: number) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".repeat(2).slice(0, n);

describe("a secret that somebody planted", () => {
  // Put together here, so that this file holds none.
  it.each([
    ["a private key", `-----BEGIN ${"PRIVATE KEY"}-----\\nMIIE`],
    ["an AWS key id", `id = "${"AK"}IA${letters(16)}"`],
    ["an AWS secret", `AWS_SECRET_ACCESS_KEY=${"a1B2".repeat(10)}`],
    ["a payment provider's", `sk_${"live"}_${"a1b2c3d4".repeat(3)}`],
    ["a GitHub token", `gh${"p"}_${"a1B2".repeat(9)}`],
    ["a webhook's", `whsec${"_"}${"a1B2".repeat(9)}`],
    ["a signed token", `eyJ${"hbGciOiJIUzI1"}.eyJ${"zdWIiOiIxMjM0"}.${"a1B2c3".repeat(6)}`],
    ["a database's password", `postgres${"://"}cc_app:hunter2@ep-cool.eu.neon.tech/cc_ls`],
    ["drawn text under a secret's name", `const apiKey = "${drawn(32)}7a";`],
  ])("is found, and is not said again: %s", (_, line) => {
    const found = secretsIn("a.ts", `// a file\n${line}\n`);
    expect(found).toMatchObject([{ file: "a.ts", line: 2 }]);
    expect(JSON.stringify(found)).not.toContain(line);
  });

  it.each([
    "DATABASE_URL='postgres://cc_owner:…@…neon.tech/cc_ls'",
    `postgres${"://"}nobody:nothing@127.0.0.1:9/none`,
    ["postgres", "://postgres:$", "{secret}@$", "{host}/x"].join(""),
    'password: "nine brown kettles"',
    'token: "the-name-of-a-setting-without-digits"',
    `const key = "${"a1B2".repeat(9)}";`,
  ])("is not seen in %s", (line) => expect(secretsIn("a.ts", line)).toEqual([]));

  it("is let by where the line says why it is none", () => {
    const line = `const token = "${drawn(32)}7a"; // not a secret: drawn for a test`;
    expect(secretsIn("a.ts", line)).toEqual([]);
    expect(secretsIn("a.ts", line.replace(": drawn for a test", ""))).toHaveLength(1);
  });
});

it("a tree is looked through by what git tracks: a planted file is named, and one that is only there is not read", () => {
  const root = mkdtempSync(join(tmpdir(), "planted-"));
  try {
    const planted = `x\nkey = "${"AK"}IA${letters(16)}"\n`;
    for (const name of ["planted.md", "clean.md", "untracked.md"])
      writeFileSync(join(root, name), name === "clean.md" ? "x" : planted);
    writeFileSync(join(root, "picture.png"), Buffer.concat([Buffer.from([0]), Buffer.from(planted)]));
    execFileSync("git", ["init", "-q"], { cwd: root });
    execFileSync("git", ["add", "planted.md", "clean.md", "picture.png"], { cwd: root });
    expect(secretsOfTree(root)).toEqual({
      files: 3,
      found: [{ file: "planted.md", line: 2, kind: "AWS access key id" }],
    });
  } finally {
    rmSync(root, { recursive: true });
  }
});

describe("known vulnerabilities of what is deployed", () => {
  const counted = (counts: object) => JSON.stringify({ metadata: { vulnerabilities: counts } });
  it.each([
    ["none", counted({ low: 0, moderate: 0, high: 0, critical: 0 }), true, false],
    ["a moderate one", counted({ low: 0, moderate: 3, high: 0, critical: 0 }), true, false],
    ["a high one", counted({ low: 0, moderate: 0, high: 1, critical: 0 }), true, true],
    ["a critical one", counted({ low: 0, moderate: 0, high: 0, critical: 1 }), true, true],
    ["an error of the registry", JSON.stringify({ error: { code: "ENOTFOUND" } }), false, false],
    ["a page that is no JSON", "<html>", false, false],
    ["nothing", "", false, false],
  ])("%s", (_, output, asked, red) => expect(verdictOf(output)).toMatchObject({ asked, red }));

  it("that nobody could ask for are said to be so, and never taken for none", () => {
    expect(verdictOf("").said).toBe("not asked: no answer");
  });
});
