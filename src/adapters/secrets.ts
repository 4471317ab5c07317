import { createHash, randomBytes, randomInt } from "node:crypto";
import type { SigningKey } from "../domain/signature.ts";
import type { Secrets } from "../ports/secrets.ts";
import { hashPassword, isPassword } from "./passwords.ts";
import { isMark, mark, seal, unseal } from "./sealed.ts";
import { drawTotpSecret, provisioningUri, totpStepOf } from "./totp.ts";

const TOKEN_BYTES = 32;
/** Without letters and digits that look alike. */
const PAPER = "23456789abcdefghjkmnpqrstuvwxyz";
const PAPER_CHARS = 12;

const hashToken = (token: string) => createHash("sha256").update(token, "utf8").digest("hex");

/** `keys` seal and mark; `issuer` is what an authenticator app shows. */
export const machineSecrets = (keys: readonly SigningKey[], issuer: string): Secrets => ({
  hashPassword,
  isPassword,
  drawToken() {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    return { token, hash: hashToken(token) };
  },
  hashToken,
  drawDigits: (count) => String(randomInt(10 ** count)).padStart(count, "0"),
  drawPaperCode: () => Array.from({ length: PAPER_CHARS }, () => PAPER[randomInt(PAPER.length)]).join(""),
  seal: (owner, text) => seal(keys, owner, text),
  unseal: (owner, sealed) => unseal(keys, owner, sealed),
  mark: (use, text) => mark(keys, use, text),
  isMark: (use, text, claimed) => isMark(keys, use, text, claimed),
  drawTotpSecret,
  provisioningUri: (secret, label) => provisioningUri(secret, label, issuer),
  totpStepOf,
});
