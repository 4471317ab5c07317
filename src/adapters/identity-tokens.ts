import { CompactSign, compactVerify, importJWK } from "jose";
import type { PrivateKey, PublicKey } from "../domain/identity-keys.ts";
import type { TokenReader, TokenSigner } from "../ports/identity.ts";

/** The one method: a header that names another is not read, whatever key it names. */
const METHOD = "EdDSA";
const KIND = "cc-staff+jwt";

export const tokenSigner = (key: PrivateKey): TokenSigner => ({
  async sign(payload) {
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    const header = { alg: METHOD, kid: key.kid, typ: KIND };
    return new CompactSign(bytes).setProtectedHeader(header).sign(await importJWK(key, METHOD));
  },
});

export const tokenReader = (keys: readonly PublicKey[]): TokenReader => ({
  async read(token) {
    try {
      const { payload } = await compactVerify(
        token,
        async ({ kid, typ }) => {
          const key = keys.find((each) => each.kid === kid);
          if (key === undefined || typ !== KIND) throw new Error("no such key");
          return importJWK(key, METHOD);
        },
        { algorithms: [METHOD] },
      );
      return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(payload));
    } catch {
      // Whatever is wrong with it, it is not the home's word; saying what would help only whoever forges.
      return null;
    }
  },
});
