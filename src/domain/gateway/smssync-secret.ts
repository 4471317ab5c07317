import { createHash, timingSafeEqual } from "node:crypto";
import { err, ok, type Result } from "../result.ts";

export type SecretError = { kind: "secret_missing" } | { kind: "secret_wrong" };

/** What is known of the phone that already showed its token, in the path or by Basic. */
export type SecretRule = {
  /** True when the text is this phone's own token. */
  tokenMatches: (text: string) => boolean;
  /** SHA-256 of SMSSync's secret in hex; null: none beyond the token. */
  secretHash: string | null;
};

/**
 * A phone is known by its token; the secret of its settings is a second lock where one was set. Do not ask this for
 * task=sent, which never carries one. Where none was set, an empty one is fine, and so is the token typed twice.
 */
export function checkSecret(presented: string | null, rule: SecretRule): Result<null, SecretError> {
  if (rule.secretHash === null)
    return presented === null || presented === "" || rule.tokenMatches(presented)
      ? ok(null)
      : err({ kind: "secret_wrong" });
  if (presented === null || presented === "") return err({ kind: "secret_missing" });
  return matches(presented, rule.secretHash) ? ok(null) : err({ kind: "secret_wrong" });
}

function matches(presented: string, hashHex: string): boolean {
  const got = createHash("sha256").update(presented, "utf8").digest();
  const wanted = Buffer.from(hashHex.toLowerCase(), "hex");
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}
