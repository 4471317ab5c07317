import type { Language } from "../domain/country.ts";
import type { Change, Registered } from "./registry.ts";

/** A welcome that is owed. Once a phone was chosen, phone and text stay: no second phone gets it. */
export type Welcome = {
  customerId: number;
  account: string;
  to: string;
  language: Language;
  state: "waiting" | "bound";
  phoneId: string | null;
  content: string | null;
};

/** SMS that welcome new customers: owed in the transaction that registers them, one each. Throws when nobody knows. */
export interface Welcomes {
  /** Those to send next: what was bound to a phone first, then the oldest; none while the country's switch is off. */
  next(limit: number, now: number): Promise<Welcome[]>;
  /** Chooses the phone for good; what was chosen before stays. Null: it is not owed any more. */
  bind(
    customerId: number,
    phoneId: string,
    content: string,
    now: number,
  ): Promise<{ phoneId: string; content: string } | null>;
  /** handed: the phone's Mailbox has it. left: it is never sent, and says why. */
  end(customerId: number, state: "handed" | "left", because: string | null, now: number): Promise<void>;
  putSwitch(on: boolean, by: Change): Promise<Registered>;
  state(): Promise<{ on: boolean; waiting: number; handed: number; left: number }>;
}
