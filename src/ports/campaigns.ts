import type { Audience, CampaignState, CampaignTexts } from "../domain/campaign.ts";
import type { CarrierState } from "../domain/carrier-sms.ts";
import type { Language } from "../domain/country.ts";
import type { Change, Registered } from "./registry.ts";

/** Who a campaign would reach: numbers once each; who has opted out, and who has no phone, is counted and left out. */
export type AudienceCount = {
  recipients: number;
  parts: number;
  optedOut: number;
  withoutPhone: number;
  texts: { language: Language; recipients: number; parts: number }[];
};
export type CampaignOrder = {
  key: string;
  name: string;
  audience: Audience;
  texts: CampaignTexts;
  partPriceMinor: number | null;
};
export type Campaign = {
  campaignId: number;
  name: string;
  audience: Audience;
  texts: CampaignTexts;
  state: CampaignState;
  recipients: number;
  parts: number;
  partPriceMinor: number | null;
  createdBy: string;
  createdAt: number;
  startedBy: string | null;
  startedAt: number | null;
  stoppedBy: string | null;
  stoppedAt: number | null;
  expiresAt: number;
  /** Its SMS by state, and the parts of those that were sent. */
  counts: Partial<Record<CarrierState, number>>;
  partsSent: number;
};

export interface Campaigns {
  count(audience: Audience, texts: CampaignTexts): Promise<AudienceCount>;
  /** Who it goes to is settled here; nothing is sent yet. The same key again proposes no second one. */
  propose(order: CampaignOrder, by: Change): Promise<Registered>;
  /** `refused: second person`: whoever proposed it may not start one of so many. */
  start(campaignId: number, by: Change): Promise<Registered>;
  /** What is not in a request yet is never sent. */
  stop(campaignId: number, by: Change): Promise<Registered>;
}
