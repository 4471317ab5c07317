ALTER TABLE "meter_readings" DROP CONSTRAINT "meter_readings_source";--> statement-breakpoint
ALTER TABLE "meter_readings" ADD CONSTRAINT "meter_readings_source" CHECK (CASE WHEN account_id IS NULL THEN source ~ '^(access|postgres):[A-Za-z0-9_]{1,63}$'
        ELSE source IN ('iot', 's3', 'dynamodb', 'steama') END);