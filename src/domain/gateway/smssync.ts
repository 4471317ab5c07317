/** SMSSync's protocol, as pure decisions: read a request, check its secret, decide, answer. */
export {
  forbidden,
  isFit,
  messageUuids,
  noTask,
  type OutgoingMessage,
  refused,
  type SmssyncAnswer,
  taken,
  taskSend,
  unknownTask,
  unreadable,
} from "./smssync-answer.ts";
export { CLAIM_REPLAY_MS_MAX, type Claim, type ClaimDecision, decideClaimedUuids } from "./smssync-claim.ts";
export { type SmssyncAsked, wouldCrash } from "./smssync-crash.ts";
export {
  ABSENT_RESULTS_MAX,
  ASK_MAX,
  absentFrom,
  decideAskedUuids,
  decideHandOut,
  HAND_OUT_MAX,
  type Handable,
  type HandOut,
  type HandOutFacts,
  OFFERS_MAX,
  REOFFER_MS_MIN,
  REPEATABLE_TEMPLATES,
} from "./smssync-hand-out.ts";
export { CLAIM_UUIDS_MAX, readSmssync, type SmssyncRead, type SmssyncRequest } from "./smssync-read.ts";
export {
  RESULTS_MAX,
  readResults,
  type SmssyncResult,
  type SmssyncVersion,
  smssyncVersion,
  statusOf,
} from "./smssync-results.ts";
export { checkSecret, type SecretError, type SecretRule } from "./smssync-secret.ts";
