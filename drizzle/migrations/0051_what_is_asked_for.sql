CREATE INDEX "ledger_entries_credited" ON "ledger_entries" USING btree ("occurred_at") WHERE kind IN ('payment', 'reversal') AND book IN ('customer_energy', 'customer_fees');--> statement-breakpoint
CREATE INDEX "payments_receipt_begins" ON "payments" USING btree ("receipt" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "payments_phone_ends" ON "payments" USING btree (reverse("payer_phone") text_pattern_ops) WHERE payer_phone IS NOT NULL;--> statement-breakpoint
CREATE INDEX "payments_not_of_account" ON "payments" USING btree ("holder_kind","paid_at") WHERE holder_kind <> 'account';--> statement-breakpoint
-- Without them the planner takes an index over an expression for one that finds half a percent of all rows.
ANALYZE "payments";