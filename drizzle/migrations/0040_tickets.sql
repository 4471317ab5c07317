ALTER TABLE "tickets" ADD COLUMN "source" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "rule" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "rule_about" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "case_key" text;--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "phone" text;--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_rule_open" ON "tickets" USING btree ("rule","rule_about") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "tickets_assigned" ON "tickets" USING btree ("assigned_to") WHERE state <> 'resolved';--> statement-breakpoint
CREATE INDEX "tickets_phone" ON "tickets" USING btree ("phone","opened_at") WHERE phone IS NOT NULL;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_source" CHECK ("tickets"."source" IN ('person', 'data', 'whatsapp', 'sms'));--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_rule" CHECK (num_nonnulls("tickets"."rule", "tickets"."rule_about") = CASE "tickets"."source" WHEN 'data' THEN 2 ELSE 0 END);--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_phone_shape" CHECK ("tickets"."phone" ~ '^[0-9]{8,15}$');
--> statement-breakpoint
-- By hand: tickets have their writers now. What a ticket was opened by never changes, and its history is only added to.
GRANT INSERT ON tickets, ticket_events TO cc_app;
--> statement-breakpoint
GRANT UPDATE (ticket_class, category, priority, state, site_code, account_id, summary, assigned_to, failed_at, resolved_at, cause,
  resolution, version) ON tickets TO cc_app;
