ALTER TABLE "sms_inbound" ADD COLUMN "request_id" text;--> statement-breakpoint
ALTER TABLE "sms_sightings" ADD COLUMN "request_id" text;--> statement-breakpoint
CREATE INDEX "sms_inbound_request" ON "sms_inbound" USING btree ("request_id") WHERE request_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "sms_sightings_request" ON "sms_sightings" USING btree ("request_id") WHERE request_id IS NOT NULL;