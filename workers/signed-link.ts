import type { Result } from "../src/domain/result.ts";
import { type SigningKey, signingKeys } from "../src/domain/signature.ts";
import { type LinkPurpose, type LinkRefusal, readLink, type SignedLink, signLink } from "../src/domain/signed-link.ts";
import type { Env } from "./env.ts";

/** The token of a link that opens one thing until an instant, for whoever holds it: put it behind `/c/` or the like. */
export const linkToken = (env: Env, link: SignedLink): string => signLink(keysOf(env), link);

/** What a token opens now; what is wrong with it otherwise. */
export const openLink = (env: Env, purpose: LinkPurpose, token: string, now: number): Result<SignedLink, LinkRefusal> =>
  readLink(keysOf(env), purpose, token, now);

/** While one key is rotated both are valid; without any the deployment serves nobody (settingFaults). */
const keysOf = (env: Env): SigningKey[] => signingKeys(env.LINK_SIGNING_KEYS ?? "") ?? [];
