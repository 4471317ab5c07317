ALTER TABLE "consumption_daily" ADD COLUMN "peak_wh" bigint;--> statement-breakpoint
ALTER TABLE "metered_days" ADD COLUMN "peak_wh" bigint;
--> statement-breakpoint
GRANT UPDATE (peak_wh) ON consumption_daily, metered_days TO cc_app;
