/**
 * `node dev/secret-scan.ts`: looks for secrets in every file that git tracks, and ends with 1 when one is there. Part of `npm test`.
 * What is found is named by file, line and kind, and never printed.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FILE_BYTES_MAX = 20 * 1024 * 1024;

/** Forms that nothing else has. Each from its issuer's own description of its keys. */
const KINDS: readonly { kind: string; form: RegExp }[] = [
  { kind: "private key", form: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----\s*\S/ },
  { kind: "AWS access key id", form: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  {
    kind: "AWS secret access key",
    form: /aws_?secret_?access_?key["']?\s*[:=]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])/i,
  },
  { kind: "payment provider's key", form: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { kind: "GitHub token", form: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})/ },
  { kind: "Slack token", form: /\bxox[abprs]-[A-Za-z0-9-]{10,}/ },
  { kind: "Google API key", form: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  { kind: "Neon API key", form: /\bnapi_[a-z0-9]{40,}\b/ },
  { kind: "webhook secret", form: /\bwhsec_[A-Za-z0-9+/]{32,}=*/ },
  { kind: "key of another system, issued here", form: /\b(?:cck|ody)_[A-Za-z0-9_-]{32,}/ },
  { kind: "signed token", form: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/ },
];
/** A database that is somewhere else: what only this machine reaches, and what stands for a name, is none. */
const DATABASE = /\bpostgres(?:ql)?:\/\/[^\s:@/"'`]+:([^\s@/"'`]+)@([^\s/"'`:]+)/g;
const LOCAL = /^(?:127\.0\.0\.1|localhost|\[::1\]|.*\.(?:invalid|test|example|example\.(?:org|com)))$/;
/** Said beside a name that asks for it: drawn letters and digits, which no word has. */
const ASSIGNED =
  /(?:secret|token|passw(?:or)?d|api_?key|private_?key)["'`]?\s*[:=]\s*["'`]([A-Za-z0-9+/_=-]{24,})["'`]/gi;
/** Bits a character: English text and names of things stay below, 32 drawn characters of base64 come to 4 and more. */
const DRAWN_BITS_MIN = 3.9;

/** A line that says so holds what only looks like a secret, and why: `not a secret: …`. */
const SAID = /not a secret: \S/;

export type Finding = { file: string; line: number; kind: string };

/** What of a text is a secret's form. `file` only names it. */
export function secretsIn(file: string, text: string): Finding[] {
  const found: Finding[] = [];
  text.split("\n").forEach((line, at) => {
    if (SAID.test(line)) return;
    for (const kind of kindsIn(line)) found.push({ file, line: at + 1, kind });
  });
  return found;
}

function kindsIn(line: string): string[] {
  const kinds = KINDS.filter(({ form }) => form.test(line)).map(({ kind }) => kind);
  for (const [, password = "", host = ""] of line.matchAll(DATABASE))
    if (!LOCAL.test(host) && !/[…$<{]/.test(password + host)) kinds.push("password of a database");
  for (const [, value = ""] of line.matchAll(ASSIGNED))
    if (/\d/.test(value) && /[a-z]/i.test(value) && bitsOf(value) >= DRAWN_BITS_MIN)
      kinds.push("drawn text under a secret's name");
  return kinds;
}

/** Shannon's entropy of its characters. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return [...counts.values()].reduce((sum, n) => sum - (n / text.length) * Math.log2(n / text.length), 0);
}

/** Every tracked file that is text. */
export function secretsOfTree(root: string = ROOT): { files: number; found: Finding[] } {
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, maxBuffer: FILE_BYTES_MAX }).toString("utf8");
  const files = tracked.split("\0").filter((name) => name !== "");
  const found = files.flatMap((file) => {
    let bytes: Buffer;
    try {
      bytes = readFileSync(join(root, file));
    } catch {
      // Deleted, and not committed yet.
      return [];
    }
    return bytes.length > FILE_BYTES_MAX || bytes.includes(0) ? [] : secretsIn(file, bytes.toString("utf8"));
  });
  return { files: files.length, found };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { files, found } = secretsOfTree();
  for (const { file, line, kind } of found) console.log(`${file}:${line}: looks like a ${kind}`);
  console.log(`${files} tracked files, ${found.length} secrets`);
  process.exit(found.length === 0 ? 0 : 1);
}
