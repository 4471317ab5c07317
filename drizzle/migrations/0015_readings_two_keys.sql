DROP INDEX "meter_readings_key";--> statement-breakpoint
CREATE UNIQUE INDEX "meter_readings_legacy_key" ON "meter_readings" USING btree ("meter_id","read_at") WHERE account_id IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "meter_readings_key" ON "meter_readings" USING btree ("meter_id","read_at") WHERE account_id IS NOT NULL;