import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkSecret } from "../../../src/domain/gateway/smssync.ts";

const hash = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
const tokenMatches = (text: string) => text === "ph1.token";
const verdict = (presented: string | null, secret: string | null) => {
  const checked = checkSecret(presented, { tokenMatches, secretHash: secret === null ? null : hash(secret) });
  return checked.ok ? "ok" : checked.error.kind;
};

describe("checkSecret", () => {
  it.each`
    vector   | presented      | set           | result
    ${"S01"} | ${"s3cret"}    | ${"s3cret"}   | ${"ok"}
    ${"S03"} | ${"wrong"}     | ${"s3cret"}   | ${"secret_wrong"}
    ${"S03"} | ${"S3cret"}    | ${"s3cret"}   | ${"secret_wrong"}
    ${"S03"} | ${"ph1.token"} | ${"s3cret"}   | ${"secret_wrong"}
    ${"S03"} | ${"wrong"}     | ${null}       | ${"secret_wrong"}
    ${"S04"} | ${null}        | ${"s3cret"}   | ${"secret_missing"}
    ${"S04"} | ${""}          | ${"s3cret"}   | ${"secret_missing"}
    ${"S05"} | ${"+ & = é "}  | ${"+ & = é "} | ${"ok"}
    ${"S05"} | ${"+ & = é"}   | ${"+ & = é "} | ${"secret_wrong"}
    ${"S01"} | ${null}        | ${null}       | ${"ok"}
    ${"S01"} | ${""}          | ${null}       | ${"ok"}
    ${"S01"} | ${"ph1.token"} | ${null}       | ${"ok"}
  `("$vector $presented where $set is set: $result", ({ presented, set, result }) => {
    expect(verdict(presented, set)).toBe(result);
  });

  it("refuses all when the stored hash is no hash", () => {
    expect(checkSecret("s", { tokenMatches, secretHash: "" }).ok).toBe(false);
    expect(checkSecret("s", { tokenMatches, secretHash: "not hex" }).ok).toBe(false);
  });
});
