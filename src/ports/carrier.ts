import type { CarrierState, CarrierStep, CarrierVerdict, DeliveryWord } from "../domain/carrier-sms.ts";
import type { CarrierSetting } from "../domain/sms-route.ts";
import type { EnqueueAnswer, OutgoingSms } from "./mailboxes.ts";
import type { Change, RegisteredOnRead, SeenVersion } from "./registry.ts";

/** SMS of one request. What a lost answer leaves unknown is at most these. */
export const CARRIER_BATCH_MAX = 10;

/** An SMS as a request names it. */
export type CarrierMessage = { reference: string; to: string; content: string };

/** The bulk carrier itself. Never throws: a request of which nobody knows what became is a verdict. */
export interface Carrier {
  send(messages: readonly CarrierMessage[]): Promise<Map<string, CarrierVerdict>>;
}

/** One that has just been named in a request, and may be named by nobody else. */
export type ClaimedSms = CarrierMessage & { id: string; kind: string; tries: number };
/** How many may go now: by the caps, and by the hour of the customers' day. */
export type CarrierLimits = Pick<CarrierSetting, "perHourMax" | "perDayMax"> & { dayStartAt: number; isQuiet: boolean };
/** One that a phone is to have. */
export type LeavingSms = {
  sms: OutgoingSms;
  movedTo: string | null;
  state: CarrierState;
  cameFrom: string | null;
  tries: number;
};
export type DeliveryReport = {
  phone: string;
  reference: string | null;
  word: DeliveryWord;
  detail: string;
  at: number;
};

/** SMS for the carrier and what became of them, each once by its name. */
export interface CarrierBook {
  /** `from`: the phone that hands it over; null: none had it. */
  put(sms: OutgoingSms, from: string | null, now: number): Promise<EnqueueAnswer>;
  /** Ends what is past its time, opted out or died in a request, then marks the next as being sent; no more than the caps leave. */
  claim(limits: CarrierLimits, now: number): Promise<ClaimedSms[]>;
  settle(steps: readonly ({ id: string } & CarrierStep)[], now: number): Promise<void>;
  /** Matches a network's word to an SMS: by its reference, else the newest one to the number in ten minutes. Null: none. */
  told(report: DeliveryReport): Promise<{ id: string; state: CarrierState } | null>;
  /**
   * Ends what is past its time, then those of these kinds that may go to a phone, and those that are on their way to theirs: first what
   * has waited longest since it was last tried.
   */
  leaving(kinds: readonly string[], limit: number, now: number): Promise<LeavingSms[]>;
  /** Chooses the phone, for good; null: it is not to be had any more. */
  bindMove(id: string, phoneId: string, now: number): Promise<string | null>;
  /** Their phones did not answer: they wait behind those that were not tried since. */
  stillMoving(ids: readonly string[], now: number): Promise<void>;
  /** The phone has it, or refused it for ever. */
  moved(id: string, because: string | null, now: number): Promise<void>;
  setting(): Promise<CarrierSetting | null>;
  /** With its version, which names what was read. */
  settingOfVersion(): Promise<{ setting: CarrierSetting; version: number } | null>;
  putSetting(setting: CarrierSetting, by: Change, seen?: SeenVersion): Promise<RegisteredOnRead>;
}
