ALTER TABLE "vendor_credits" DROP CONSTRAINT "vendor_credits_state";--> statement-breakpoint
ALTER TABLE "vendor_credits" DROP CONSTRAINT "vendor_credits_confirmed";--> statement-breakpoint
DROP INDEX "vendor_credits_due";--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD COLUMN "memo" text;--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD COLUMN "error" text;--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD COLUMN "unwanted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD COLUMN "case_opened_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "vendor_credits_due" ON "vendor_credits" USING btree ("next_at") WHERE "vendor_credits"."state" IN ('queued', 'sent', 'blocked', 'taking_back');--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD CONSTRAINT "vendor_credits_state" CHECK ("vendor_credits"."state" IN ('queued', 'sent', 'confirmed', 'rejected', 'blocked', 'dead', 'withdrawn', 'taking_back', 'taken_back'));--> statement-breakpoint
ALTER TABLE "vendor_credits" ADD CONSTRAINT "vendor_credits_confirmed" CHECK (("vendor_credits"."state" <> 'confirmed' OR "vendor_credits"."confirmed_at" IS NOT NULL)
        AND ("vendor_credits"."confirmed_at" IS NULL OR "vendor_credits"."state" NOT IN ('queued', 'sent', 'blocked', 'withdrawn')));--> statement-breakpoint
GRANT INSERT, UPDATE (state, because, attempts, next_at, vendor_id, error, sent_at, confirmed_at, unwanted_at, case_opened_at,
  version) ON vendor_credits TO cc_app;
