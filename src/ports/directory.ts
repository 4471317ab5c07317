import type { Language } from "../domain/country.ts";
import type { CreditWriter, CreditWriterSetting } from "../domain/credit-writer.ts";
import type { CarrierSetting } from "../domain/sms-route.ts";
import type { TemplateKind } from "../domain/templates.ts";

export type { TemplateKind };
export type SmsTemplate = { kind: TemplateKind; language: Language; text: string; version: number };

/** Meters asked for in one call. */
export const METERS_ASKED_MAX = 1_000;

/** Where to route while the database is down. */
export interface DirectoryPort {
  putPlacements(
    rows: { meterNumber: string; account: string; from: number; to: number | null; version: number }[],
    told?: number,
    accounts?: string[],
  ): Promise<void>;
  /** The account on which the meter was placed at an instant. */
  accountOfMeter(meterNumber: string, at: number): Promise<string | null>;
  /** The same for many, in their order. Throws on more than `METERS_ASKED_MAX`. */
  accountsOfMeters(questions: { meterNumber: string; at: number }[]): Promise<(string | null)[]>;
  putTemplates(rows: SmsTemplate[]): Promise<void>;
  template(kind: TemplateKind, languages: readonly Language[]): Promise<SmsTemplate | null>;
  putCutover(at: number | null): Promise<void>;
  /** The instant from which payments credit by themselves; null: not yet. */
  cutoverAt(): Promise<number | null>;
  putCarrierSetting(setting: CarrierSetting, version: number): Promise<void>;
  /** By which channel each kind of SMS goes; null: nobody has said. */
  carrierSetting(): Promise<CarrierSetting | null>;
  /** All settings of the sites they name; those that are known already change nothing. */
  putCreditWriters(rows: CreditWriterSetting[]): Promise<void>;
  /** Who may credit the vendor's platform; also `neither` while nobody can say. */
  creditWriter(site: string, at: number): Promise<CreditWriter | "neither">;
}
