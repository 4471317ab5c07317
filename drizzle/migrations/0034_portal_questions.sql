CREATE INDEX "payments_payer" ON "payments" USING btree ("payer_phone","paid_at") WHERE payer_phone IS NOT NULL;--> statement-breakpoint
CREATE INDEX "sms_inbound_content" ON "sms_inbound" USING btree ("content_hash");--> statement-breakpoint
CREATE INDEX "sms_results_account" ON "sms_results" USING btree ("account_id") WHERE account_id IS NOT NULL;